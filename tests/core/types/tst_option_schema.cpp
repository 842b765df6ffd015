// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/option_schema.h"

#include "tests/support/test_support.h"

using namespace bitloom;
using namespace std::string_literals;

namespace {

OptionSpec real(const std::string& name, double fallback, double low, double high)
{
    OptionSpec option;
    option.name = name;
    option.type = OptionType::Real;
    option.fallback = fallback;
    option.low = low;
    option.high = high;
    option.help = "A number";
    return option;
}

OptionValues oneValue(const std::string& name, OptionValue value)
{
    OptionValues values;
    values.set(name, std::move(value));
    return values;
}

OptionSchema schema()
{
    OptionSpec lambda = real("lambda", 0.1, 0, 1000);
    lambda.originalName = "gating-lambda";
    OptionSpec epochs;
    epochs.name = "epochs";
    epochs.type = OptionType::Integer;
    epochs.fallback = std::int64_t{25};
    epochs.low = 1;
    epochs.unit = "epochs";
    epochs.help = "Passes over the images";
    OptionSpec method;
    method.name = "gating-method";
    method.type = OptionType::Choice;
    method.choices = {"l0", "fixed"};
    method.fallback = "l0"s;
    OptionSpec pruning;
    pruning.name = "include-pruning";
    pruning.fallback = false;
    OptionSpec pruneOnly;
    pruneOnly.name = "prune-only";
    pruneOnly.fallback = false;
    OptionSpec ladder;
    ladder.name = "ladder";
    ladder.type = OptionType::NumberList;
    ladder.fallback = std::vector<double>{};
    ladder.low = 2;
    ladder.high = 32;
    OptionSpec positive = real("rate", 0.01, 0, 1);
    positive.lowExcluded = true;
    OptionPreset quick{"quick", "Short", oneValue("epochs", std::int64_t{2})};
    OptionRule rule{"prune-only", [](const OptionValues& values) {
                        return values.flag("include-pruning")
                                   ? ""s
                                   : "there is nothing to prune without include-pruning"s;
                    }};
    return {{lambda, epochs, method, pruning, pruneOnly, ladder, positive}, {quick}, {rule}};
}

std::string failure(const std::function<void()>& body)
{
    try {
        body();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

class TestOptionSchema : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void commandLineSaysWhatDiffers()
    {
        const OptionSchema known = schema();
        QVERIFY(commandLineWords(known, known.defaults()).empty());
        OptionValues said;
        said.set("ladder", std::vector<double>{2, 8});
        said.set("lambda", 0.5);
        said.set("include-pruning", true);
        said.set("gating-method", "l0"s);
        const std::vector<std::string> words =
            commandLineWords(known, known.completed(known.defaults(), said));
        QCOMPARE(words, (std::vector<std::string>{"--lambda", "0.5", "--include-pruning",
                                                  "--ladder", "2,8"}));
    }
    void defaultsAndPresets()
    {
        const OptionSchema options = schema();
        QCOMPARE(options.defaults().real("lambda"), 0.1);
        QCOMPARE(options.defaults().integer("epochs"), std::int64_t{25});
        QCOMPARE(options.preset("quick").integer("epochs"), std::int64_t{2});
        QCOMPARE(options.preset("quick").text("gating-method"), "l0"s);
        QCOMPARE(failure([&] { options.preset("slow"); }),
                 "there is no preset 'slow'; there are quick"s);
    }

    void originalNames()
    {
        const OptionSchema options = schema();
        QCOMPARE(options.at("gating-lambda").name, "lambda"s);
        const OptionValues values =
            options.completed(options.defaults(), oneValue("gating-lambda", 0.5));
        QCOMPARE(values.real("lambda"), 0.5);
        QVERIFY(values.find("gating-lambda") == nullptr);
        QVERIFY(failure([&] { options.at("lamda"); }).find("nearest are lambda") !=
                std::string::npos);
    }

    void parsing_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("read"); // as toText() writes it, or the error
        QTest::newRow("real") << "lambda"
                              << "1e-3"
                              << "0.001";
        QTest::newRow("integer") << "epochs"
                                 << "100"
                                 << "100";
        QTest::newRow("choice") << "gating-method"
                                << "fixed"
                                << "fixed";
        QTest::newRow("list") << "ladder"
                              << "4,8"
                              << "4,8";
        QTest::newRow("empty list") << "ladder"
                                    << ""
                                    << "";
        QTest::newRow("flag") << "prune-only"
                              << "true"
                              << "true";
        QTest::newRow("no number")
            << "lambda"
            << "0.1x"
            << "option 'lambda': found '0.1x', expected a number from 0 to 1000";
        QTest::newRow("nan") << "lambda"
                             << "nan"
                             << "option 'lambda': found 'nan', expected a number from 0 to 1000";
        QTest::newRow("fraction")
            << "epochs"
            << "1.5"
            << "option 'epochs': found '1.5', expected a whole number of at least 1";
        QTest::newRow("below")
            << "epochs"
            << "0"
            << "option 'epochs': found '0', expected a whole number of at least 1";
        QTest::newRow("excluded")
            << "rate"
            << "0"
            << "option 'rate': found '0', expected a number above 0 and at most 1";
        QTest::newRow("choice of none")
            << "gating-method"
            << "l1"
            << "option 'gating-method': found 'l1', expected one of l0 and fixed";
        QTest::newRow("list out of range")
            << "ladder"
            << "4,64"
            << "option 'ladder': found '4,64', expected numbers with commas between from 2 to 32";
    }
    void parsing()
    {
        QFETCH(QString, option);
        QFETCH(QString, text);
        QFETCH(QString, read);
        const OptionSchema options = schema();
        std::string seen;
        try {
            seen = toText(options.parse(options.at(option.toStdString()), text.toStdString()));
        } catch (const Error& error) {
            seen = error.what();
        }
        QCOMPARE(QString::fromStdString(seen), read);
    }

    void rules()
    {
        const OptionSchema options = schema();
        QCOMPARE(options.unavailable("prune-only", options.defaults()),
                 "there is nothing to prune without include-pruning"s);
        OptionValues said = oneValue("prune-only", true);
        QCOMPARE(failure([&] { options.completed(options.defaults(), said); }),
                 "option 'prune-only' cannot be true because there is nothing to prune without "
                 "include-pruning"s);
        said.set("include-pruning", true);
        QVERIFY(options.completed(options.defaults(), said).flag("prune-only"));
        QCOMPARE(options.unavailable("lambda", options.defaults()), ""s);
    }

    void wrongTypeIsToldLikeAWrongValue()
    {
        const OptionSchema options = schema();
        QCOMPARE(failure([&] { options.check(oneValue("epochs", 2.0)); }),
                 "option 'epochs': found '2', expected a whole number of at least 1"s);
    }

    void json()
    {
        const OptionSchema options = schema();
        OptionValues said = oneValue("ladder", std::vector<double>{4, 8});
        said.set("lambda", 1e-3);
        said.set("gating-method", "fixed"s);
        const OptionValues values = options.completed(options.defaults(), said);
        QVERIFY(optionValuesFromJson(options, toJson(values)) == values);
        QVERIFY(optionValuesFromJson(options, "{}") == options.defaults());
        QCOMPARE(failure([&] { optionValuesFromJson(options, R"({"epochs":"many"})"); }),
                 "epochs: expected an integer, found a string"s);
        QVERIFY(failure([&] {
                    optionValuesFromJson(options, R"({"epoch":3})");
                }).find("no option 'epoch'") != std::string::npos);
        QVERIFY(failure([&] { optionValuesFromJson(options, "[]"); }) != "no error"s);
    }

    void table()
    {
        const std::string text = optionTable(schema());
        QVERIFY(text.find("| `--lambda` (`--gating-lambda`) | 0.1 | a number from 0 to 1000 |") !=
                std::string::npos);
        QVERIFY(text.find("| `--epochs` | 25 | a whole number of at least 1, epochs | Passes over "
                          "the images |") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestOptionSchema)
#include "tst_option_schema.moc"
