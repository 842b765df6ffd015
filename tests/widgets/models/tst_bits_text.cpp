// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/bits_text.h"

#include <QtTest>

using namespace bitloom;
using ui::BitTarget;
using ui::LayerBits;

namespace {
const QStringList kModel{QStringLiteral("conv1"), QStringLiteral("conv2"), QStringLiteral("fc")};

std::variant<ui::PastedBits, QString> read(const char* text, const QStringList& selected = kModel,
                                           BitTarget target = BitTarget::Weights)
{
    return ui::bitsFromText(QString::fromUtf8(text), selected, target,
                            [](const QString& layer) { return kModel.contains(layer); });
}

QString line(const LayerBits& bits)
{
    const auto width = [](const std::optional<int>& value) {
        return value ? QString::number(*value) : QStringLiteral(".");
    };
    return bits.layer + u' ' + width(bits.weight) + u' ' + width(bits.activation);
}
} // namespace

class TestBitsText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void accepted_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("bits");
        const auto row = [](const char* name, const char* text, const char* bits) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(bits);
        };
        row("name and two widths", "conv1\t4\t8\nfc\t2\t16\n", "conv1 4 8,fc 2 16");
        row("name and one width", "conv1\t4", "conv1 4 .");
        row("words", "conv1\tFP32\tpruned", "conv1 32 0");
        row("nothing to change", "conv1\t-\t8\nconv2\t\xE2\x80\x93\t\n", "conv1 . 8");
        row("a matmul's two widths", "conv1\t4\t4-8", "conv1 4 .");
        row("header", "macs\tname\tabits\twbits\n12\tconv1\t8\t4\n", "conv1 4 8");
        row("header without weights", "name\tabits\nconv1\t8\n", "conv1 . 8");
        row("line ends of Windows", "conv1\t4\t8\r\nfc\t2\t2\r\n", "conv1 4 8,fc 2 2");
        row("one number for all", "4", "conv1 4 .,conv2 4 .,fc 4 .");
        row("a number each", "4\n-\n2\n\n", "conv1 4 .,fc 2 .");
        row("empty line between", "conv1\t4\n\nfc\t2", "conv1 4 .,fc 2 .");
    }
    void accepted()
    {
        QFETCH(QString, text);
        const auto result = read(text.toUtf8().constData());
        const auto* error = std::get_if<QString>(&result);
        QVERIFY2(error == nullptr, error != nullptr ? qPrintable(*error) : "");
        QStringList lines;
        for (const LayerBits& bits : std::get<ui::PastedBits>(result).bits) {
            lines << line(bits);
        }
        QTEST(lines.join(u','), "bits");
    }

    void refused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* text, const char* why) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(why);
        };
        row("", "the clipboard holds no text");
        row("conv1\t17\t8", "in line 1, “17” is not a bit width");
        row("conv1\t4\nfc\t4\tmany", "in line 2, “many” is not a bit width");
        row("4\n2", "2 numbers for 3 selected layers");
        row("conv1", "in line 1, “conv1” is not a bit width");
        row("-4", "in line 1, “-4” is not a bit width");
    }
    void refused()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto result = read(text.toUtf8().constData());
        const auto* error = std::get_if<QString>(&result);
        QVERIFY2(error != nullptr, "the text was accepted");
        QVERIFY2(error->contains(why), qPrintable(*error));
    }

    void unknownNamesAreListed()
    {
        const auto result = read("conv9\t4\nfc\t2");
        const auto& pasted = std::get<ui::PastedBits>(result);
        QCOMPARE(pasted.unknownLayers, QStringList{QStringLiteral("conv9")});
        QCOMPARE(pasted.bits.size(), 1);
    }

    void numbersGoToTheColumnAndNeedASelection()
    {
        const auto activations = read("4", {QStringLiteral("fc")}, BitTarget::Activations);
        QCOMPARE(line(std::get<ui::PastedBits>(activations).bits.first()),
                 QStringLiteral("fc . 4"));
        const auto nothing = read("4", {});
        QVERIFY(std::get<QString>(nothing).contains(QStringLiteral("select the layers")));
    }
};

QTEST_APPLESS_MAIN(TestBitsText)
#include "tst_bits_text.moc"
