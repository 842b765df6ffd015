// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/file_lock.h"
#include "core/types/event.h"

#include "tests/app/program.h"
#include "tests/support/python.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

using nlohmann::json;
namespace fs = std::filesystem;

namespace bitloom::test {

/// Every command once, as a script would use it: --json on stdout and nothing else there.
class TestCliCommands : public QObject, private CommandFolder {
    Q_OBJECT

    /// Which of the keys an object lacks.
    static std::string missing(const json& object, std::initializer_list<const char*> keys)
    {
        std::string text;
        for (const char* key : keys) {
            text += object.contains(key) ? "" : std::string(key) + " ";
        }
        return text;
    }
    std::string pythonFailure(const QStringList& arguments,
                              const char* script = "app/compare_with_torch.py")
    {
        const ProgramRun done = runOther(qEnvironmentVariable("BITLOOM_PYTHON"), m_folder.path(),
                                         QStringList{testScript(script)} + arguments);
        return done.exitCode == 0 ? "" : done.err.toStdString() + "(Python failed)";
    }

private Q_SLOTS:
    void initTestCase()
    {
        const json trained = result("train arch:lenet5 --data digits:128 --limit 64 --epochs 1 "
                                    "--train-batch-size 32 -o lenet5.pth --project p.bitloom");
        QVERIFY(!trained.empty());
        QCOMPARE(trained["epochs"].size(), std::size_t{1});
        QCOMPARE(missing(trained["epochs"][0],
                         {"epoch", "loss", "train_top1_percent", "test_top1_percent"}),
                 std::string());
        QVERIFY(fs::exists(path("lenet5.pth")));
        const json plan = result("plan create arch:lenet5@lenet5.pth --weight-bits 4 "
                                 "--activation-bits 8 --boundary-bits 8 -o w4a8.json");
        QVERIFY(!plan.empty());
        QCOMPARE(plan["name"], json("w4a8b8"));
        QCOMPARE(plan["layers"][0]["weight"]["bits"], json(8));
        QCOMPARE(plan["layers"][1]["weight"]["bits"], json(4));
        QCOMPARE(json::parse(readFile(path("w4a8.json"))), plan);
    }

    void withoutArgumentsItPrintsItsHelp()
    {
        const ProgramRun bare = run("");
        QCOMPARE(bare.exitCode, 2);
        QVERIFY(bare.out.contains("Usage: bitloom") && bare.err.isEmpty());
        const ProgramRun help = run("--help");
        QCOMPARE(help.exitCode, 0);
        QCOMPARE(help.out, bare.out);
        for (const char* command :
             {"inspect",  "eval",   "compare", "plan",   "cost",   "frontier", "sensitivity",
              "allocate", "pack",   "unpack",  "verify", "infer",  "train",    "search",
              "sweep",    "resume", "runs",    "watch",  "report", "demo"}) {
            QVERIFY2(help.out.contains("\n  " + QByteArray(command) + " "), command);
        }
        const ProgramRun one = run("eval --help");
        QCOMPARE(one.exitCode, 0);
        QVERIFY(one.out.contains("--calibration-images") && one.out.contains("Examples:"));
        QVERIFY(run("--version").out.startsWith("Bitloom "));
    }

    void inspect()
    {
        const json found = result("inspect arch:lenet5@lenet5.pth");
        QCOMPARE(missing(found["model"], {"name", "fingerprint", "parameters", "macs"}),
                 std::string());
        QCOMPARE(found["model"]["parameters"], json(582026));
        QCOMPARE(found["layers"].size(), std::size_t{4});
        QCOMPARE(missing(found["layers"][0], {"name", "op", "weight_shape", "parameters", "macs"}),
                 std::string());
        QCOMPARE(found["layers"][0]["macs"], json(24 * 24 * 32 * 25));
        const ProgramRun text = run("inspect arch:lenet5");
        QVERIFY(text.out.contains("features.0") && text.out.contains("582 k parameters"));
    }

    void inspectOneLayer()
    {
        const json found = result("inspect arch:lenet5@lenet5.pth --layer features.3 --bits 2,4 "
                                  "--bins 20 --plan w4a8.json --data digits:64 "
                                  "--calibration-images 32");
        QCOMPARE(found["layer"], json("features.3"));
        QCOMPARE(found["weight_histograms"].size(), std::size_t{3});
        QCOMPARE(found["weight_histograms"][0]["bits"], json(4));
        QCOMPARE(found["weight_histograms"][0]["grid_levels"].size(), std::size_t{16});
        QCOMPARE(found["weight_histograms"][0]["counts"],
                 found["weight_histograms"][1]["counts"]); // the weights stay, the grid changes
        QCOMPARE(found["channels"].size(), std::size_t{64});
        QCOMPARE(found["errors"].size(), std::size_t{6});
        QVERIFY(found["errors"][0]["mse"] > found["errors"][1]["mse"]);
        QCOMPARE(found["activations"].size(), std::size_t{1});
        QCOMPARE(found["calibration_images"], json(32));
        const ProgramRun text = run("inspect arch:lenet5@lenet5.pth --layer features.3");
        QVERIFY(text.out.startsWith("features.3: conv, features.3.weight"));
        QVERIFY(text.out.contains("SQNR dB") && text.out.contains("and 48 channels more"));
    }

    void progressGoesToStandardError()
    {
        const ProgramRun done =
            run("eval arch:lenet5@lenet5.pth --data digits:64 --batch-size 16 --json");
        QCOMPARE(done.exitCode, 0);
        QVERIFY(!done.json().is_discarded());
        QCOMPARE(
            missing(done.json(), {"images", "correct", "top1_percent", "top5_percent", "seconds"}),
            std::string());
        QCOMPARE(done.json()["images"], json(64));
        QVERIFY(done.err.contains("evaluating: 64 of 64 images"));
        const QList<QByteArray> lines = done.err.split('\n');
        for (const QByteArray& line : lines) {
            QVERIFY2(line.isEmpty() || lines.count(line) == 1, line.constData());
        }
        const ProgramRun quiet = run("eval arch:lenet5@lenet5.pth --data digits:64 --quiet");
        QVERIFY2(quiet.err.isEmpty(), quiet.err.constData());
        QVERIFY(quiet.out.contains("% top-1") && quiet.out.count('\n') == 1);
    }

    void weightsAloneAreRecognized()
    {
        const json report = result("inspect lenet5.pth");
        QCOMPARE(report["kind"], json("state_dict"));
        QCOMPARE(report["model"], json("arch:lenet5@lenet5.pth"));
        QCOMPARE(report["tensors"].size(), std::size_t{8});
        QCOMPARE(report["tensors"][0]["shape"], json({32, 1, 5, 5}));
        QCOMPARE(report["guesses"][0]["fits"], json(true));
        QVERIFY(result("inspect " + std::string(report["model"])).contains("layers"));
        const ProgramRun text = run("inspect lenet5.pth");
        QVERIFY2(text.out.contains("lenet5: all 8 names and shapes match\n"
                                   "  bitloom inspect arch:lenet5@lenet5.pth\n"),
                 text.out.constData());
    }

    void flippedImagesAreFound()
    {
        const auto evaluated = [this](const std::string& options, const char* file) {
            return result("eval arch:lenet5@lenet5.pth --data digits:200 --predictions " +
                          std::string(file) + " " + options);
        };
        const json before = evaluated("", "before.json");
        QCOMPARE(before["predictions"], json("before.json"));
        QVERIFY(!result("plan create arch:lenet5@lenet5.pth --weight-bits 1 --activation-bits 32 "
                        "-o w1.json")
                     .empty());
        const json after = evaluated("--plan w1.json", "after.json");
        const json list = json::parse(readFile(path("after.json")));
        QCOMPARE(list["plan"], json("w1a32"));
        QCOMPARE(list["images"].size(), std::size_t{200});
        const json changes =
            result("compare before.json after.json --thumbnails flipped --size 16");
        QCOMPARE(changes["parent_correct"], before["correct"]);
        QCOMPARE(changes["other_correct"], after["correct"]);
        const std::size_t wrong = changes["to_wrong"].size();
        const std::size_t right = changes["to_right"].size();
        QVERIFY(wrong + right > 0); // one bit per weight does not go unnoticed
        QCOMPARE(before["correct"].get<int>() - static_cast<int>(wrong) + static_cast<int>(right),
                 after["correct"].get<int>());
        QCOMPARE(changes["thumbnails"]["written"].get<std::size_t>(), wrong + right);
        QCOMPARE(
            static_cast<std::size_t>(std::distance(fs::directory_iterator(path("flipped")), {})),
            wrong + right);
        const json& flip = (wrong > 0 ? changes["to_wrong"] : changes["to_right"])[0];
        const std::string picture =
            readFile(path("flipped/" + std::to_string(flip["image"].get<int>()) + ".png"));
        QVERIFY(picture.starts_with("\x89PNG"));
        const ProgramRun text = run("compare before.json after.json");
        QVERIFY2(text.out.contains("of 200 images right in the first"), text.out.constData());
        QVERIFY(run("compare before.json before.json").out.contains("the same for 100.00 %"));
    }

    void sameSeedSameResult()
    {
        const auto fingerprint = [this](const char* command) {
            return result(command)["model"]["fingerprint"];
        };
        QCOMPARE(fingerprint("inspect arch:lenet5"), fingerprint("--seed 0 inspect arch:lenet5"));
        QVERIFY(fingerprint("inspect arch:lenet5 --seed 1") != fingerprint("inspect arch:lenet5"));
    }

    void eventsAreJsonLines()
    {
        const ProgramRun done = run("eval arch:lenet5@lenet5.pth --data digits:64 --events - "
                                    "--json --quiet");
        QCOMPARE(done.exitCode, 0);
        QVERIFY(
            run("eval arch:lenet5@lenet5.pth --data digits:64 --events events.jsonl").exitCode ==
            0);
        const std::string file = readFile(path("events.jsonl"));
        std::istringstream lines(file);
        std::vector<Event> events;
        for (std::string line; std::getline(lines, line);) {
            events.push_back(eventFromJsonLine(line));
            QCOMPARE(toJsonLine(events.back()), line);
        }
        QVERIFY(events.size() >= 3);
        QVERIFY(std::holds_alternative<JobStarted>(events.front().body));
        const auto* finished = std::get_if<JobFinished>(&events.back().body);
        QVERIFY(finished != nullptr);
        QCOMPARE(json::parse(finished->result)["images"], json(64));
        // On standard output the stream comes first, a line each, and then the result.
        const QList<QByteArray> out = done.out.split('\n');
        QVERIFY(std::holds_alternative<JobStarted>(eventFromJsonLine(out[0].toStdString()).body));
    }

    void plansAreChangedShownAndCompared()
    {
        fs::copy_file(path("w4a8.json"), path("edit.json"));
        const json edited = result("plan set edit.json features.* --weight-bits 3");
        QCOMPARE(edited["layers"][0]["weight"]["bits"], json(3));
        QCOMPARE(edited["layers"][2]["weight"]["bits"], json(4));
        QCOMPARE(result("plan show edit.json"), edited);
        const json differences = result("plan diff w4a8.json edit.json");
        QCOMPARE(differences.is_array() ? differences.size() : differences["differences"].size(),
                 std::size_t{2});
        QVERIFY(run("plan diff w4a8.json w4a8.json").out.contains("no differences"));
        QVERIFY(run("plan show edit.json").out.contains("features.3"));
        QVERIFY(run("plan set edit.json features.3 --weight-bits 5 -o other.json")
                    .out.startsWith("1 layer matched"));
        QCOMPARE(result("plan show edit.json"), edited);
        // A selection is one command; exact names leave tensors of the same name alone.
        const json several = result("plan set edit.json features.0 classifier.* --weight-bits 6");
        QCOMPARE(several["layers"][0]["weight"]["bits"], json(6));
        QCOMPARE(several["layers"][1]["weight"]["bits"], json(3));
        QCOMPARE(several["layers"][3]["weight"]["bits"], json(6));
        const json exact = result("plan set edit.json --exact features.0 features.3 "
                                  "--weight-bits 7 --activation-bits 5");
        QCOMPARE(exact["layers"][1]["weight"]["bits"], json(7));
        QCOMPARE(exact["tensors"][1]["activation"]["bits"], json(5));
        QCOMPARE(exact["tensors"][2]["activation"]["bits"],
                 several["tensors"][2]["activation"]["bits"]);
    }

    void planSetReachesEveryFieldOfAnEntry()
    {
        fs::copy_file(path("w4a8.json"), path("fields.json"));
        const json edited =
            result("plan set fields.json --exact features.3 --weight-scheme symmetric "
                   "--weight-granularity per_tensor --weight-range -0.25:0.5 "
                   "--activation-observer percentile --activation-percentile 99.5 "
                   "--activation-range 0:6");
        const json weight = edited["layers"][1]["weight"];
        QCOMPARE(weight["scheme"], json("symmetric"));
        QCOMPARE(weight["granularity"], json("per_tensor"));
        QCOMPARE(weight["range"], json({-0.25, 0.5}));
        const json activation = edited["tensors"][1]["activation"];
        QCOMPARE(activation["percentile"], json(99.5));
        QCOMPARE(activation["range"], json({0.0, 6.0}));
        const json freed = result("plan set fields.json features.3 --weight-range none");
        QVERIFY(!freed["layers"][1]["weight"].contains("range"));
        QCOMPARE(freed["tensors"][1]["activation"], activation);
        // Words that are no value are wrong usage; values that do not fit together name the entry.
        for (const char* wrong :
             {"--weight-range 1", "--weight-range 1:x", "--weight-range 1:inf",
              "--weight-scheme round", "--activation-granularity per_channel"}) {
            QCOMPARE(
                run(("plan set fields.json features.3 " + std::string(wrong)).c_str()).exitCode, 2);
        }
        const auto perChannel = run("plan set fields.json features.0 --weight-range -1:1");
        QCOMPARE(perChannel.exitCode, 1);
        QVERIFY2(perChannel.err.contains("features.0: weight.range: a fixed range needs the "
                                         "granularity per_tensor"),
                 perChannel.err.constData());
        QVERIFY(run("plan set fields.json features.0 --weight-range 2:1").err.contains("low end"));
        QCOMPARE(result("plan show fields.json"), freed);
    }

    void frontier()
    {
        QVERIFY(!result("sensitivity arch:lenet5@lenet5.pth --data digits:128 --limit 32 "
                        "--calibration-images 32 --bits 2,4,8 -o table.json")
                     .empty());
        for (const std::string by : {"bops", "bytes"}) {
            const json found = result("frontier arch:lenet5@lenet5.pth --sensitivity table.json "
                                      "--points 6 --by " +
                                      by + " -o plans_" + by);
            const json& points = found["points"];
            QVERIFY(points.size() >= 2 && points.size() <= 6);
            for (std::size_t i = 1; i < points.size(); ++i) {
                QVERIFY(points[i][by] > points[i - 1][by]);
                QVERIFY(points[i]["predicted_loss"] < points[i - 1]["predicted_loss"]);
            }
            QCOMPARE(found["anchors"].size(), std::size_t{3});
            QCOMPARE(points[0]["plan"], json("plans_" + by + "/frontier-1.json"));
            const json cost = result("cost arch:lenet5@lenet5.pth --plan " +
                                     points[1]["plan"].get<std::string>());
            QCOMPARE(cost["bops"], points[1]["bops"]);
            QCOMPARE(cost["bytes"], points[1]["bytes"]);
            // The allocator finds the same plan for the budget that the point needs.
            const json allocated = result(
                "allocate arch:lenet5@lenet5.pth --sensitivity table.json -o same.json " +
                (by == "bytes"
                     ? "--max-bytes " + std::to_string(points[1]["bytes"].get<int>())
                     : "--max-bops-percent " +
                           std::to_string(points[1]["bops_percent_of_fp32"].get<double>() + 1e-6)));
            QCOMPARE(allocated["predicted_loss"], points[1]["predicted_loss"]);
        }
        const ProgramRun text =
            run("frontier arch:lenet5@lenet5.pth --sensitivity table.json --points 6");
        QVERIFY(text.out.contains("predicted loss") && text.out.contains("uniform w4a4"));
    }

    void cost()
    {
        const json cost = result("cost arch:lenet5@lenet5.pth --plan w4a8.json");
        QCOMPARE(missing(cost,
                         {"macs", "bops", "bops_percent_of_fp32", "bytes", "bytes_fp32", "layers"}),
                 std::string());
        // MACs x weight bits x activation bits; the image counts 8 bits.
        const std::int64_t bops = 460800LL * 64 + 3276800LL * 32 + 524288LL * 32 + 5120LL * 64;
        QCOMPARE(cost["bops"], json(bops));
        QCOMPARE(cost["bytes_fp32"], json(582026 * 4));
    }

    void sensitivityAndAllocation()
    {
        const json table = result("sensitivity arch:lenet5@lenet5.pth --data digits:128 --limit 32 "
                                  "--calibration-images 32 --bits 2,8 -o sens.json "
                                  "--project p.bitloom");
        QVERIFY(!table.empty());
        QCOMPARE(table["complete"], json(true));
        QCOMPARE(table["entries"].size(), std::size_t{14}); // 4 weights and 3 activations, 2 widths
        QCOMPARE(missing(table["entries"][0],
                         {"target", "name", "bits", "output_error", "kl", "accuracy_percent"}),
                 std::string());
        QVERIFY(!fs::exists(path("sens.json.progress")));

        for (const char* command :
             {"allocate arch:lenet5@lenet5.pth --sensitivity sens.json --max-bytes 200000 "
              "-o small.json",
              "allocate arch:lenet5@lenet5.pth --sensitivity sens.json --max-bops-percent 2 "
              "-o small.json"}) {
            const json allocated = result(command);
            QCOMPARE(missing(allocated,
                             {"predicted_loss", "bytes", "bops_percent_of_fp32", "optimal", "gap"}),
                     std::string());
            QCOMPARE(allocated["optimal"], json(true));
            const json cost = result("cost arch:lenet5@lenet5.pth --plan small.json");
            QCOMPARE(cost["bytes"], allocated["bytes"]);
            QVERIFY(std::string(command).find("bytes") == std::string::npos ||
                    cost["bytes"].get<int>() <= 200000);
            QVERIFY(std::string(command).find("bops") == std::string::npos ||
                    cost["bops_percent_of_fp32"].get<double>() <= 2);
        }
        const json locked = result("allocate arch:lenet5@lenet5.pth --sensitivity sens.json "
                                   "--base w4a8.json --lock classifier.0 --max-bytes 300000 "
                                   "-o locked.json");
        QVERIFY(!locked.empty());
        QCOMPARE(result("plan show locked.json")["layers"][2]["weight"]["bits"], json(4));
    }

    void packedFilesAreProvenAndEvaluateLikeTheirPlan()
    {
        const json sheet = result("pack arch:lenet5@lenet5.pth --plan w4a8.json --data digits:128 "
                                  "--calibration-images 64 -o lenet5.h5 --project p.bitloom");
        QCOMPARE(missing(sheet, {"file_bytes", "payload_bytes", "ratio"}), std::string());
        QCOMPARE(sheet["verified"], json(true));
        QCOMPARE(sheet["file_bytes"].get<std::uintmax_t>(), fs::file_size(path("lenet5.h5")));
        QCOMPARE(sheet["payload_bytes"],
                 result("cost arch:lenet5@lenet5.pth --plan w4a8.json")["bytes"]);
        for (const char* command :
             {"verify lenet5.h5", "verify lenet5.h5 --against arch:lenet5@lenet5.pth"}) {
            const json proof = result(command);
            QCOMPARE(proof["verified"], json(true));
            QCOMPARE(proof["mismatches"], json::array());
        }
        const ProgramRun other = run("verify lenet5.h5 --against arch:lenet5 --json --quiet");
        QCOMPARE(other.exitCode, 1);
        QVERIFY2(other.err.startsWith("bitloom: ") && other.err.count('\n') == 1,
                 other.err.constData());
        QCOMPARE(other.json()["verified"], json(false)); // the one object on standard output
        const ProgramRun stranger = run("verify lenet5.h5 --against arch:vgg7 --json --quiet");
        QCOMPARE(stranger.exitCode, 1);
        QVERIFY2(stranger.err.contains("arch:vgg7 is not the model that was packed"),
                 stranger.err.constData());

        const json plan = result("eval arch:lenet5@lenet5.pth --plan w4a8.json --data digits:128 "
                                 "--calibration-images 64 --project p.bitloom");
        const json packed = result("eval lenet5.h5 --data digits:128");
        QCOMPARE(packed["correct"], plan["correct"]);
        QCOMPARE(packed["top5_percent"], plan["top5_percent"]);
        QCOMPARE(packed["images"], json(128));

        // The same weights in the layout of compressed-tensors, proven too.
        fs::create_directory(path("ct"));
        const json exported = result("pack arch:lenet5@lenet5.pth --plan w4a8.json --data "
                                     "digits:128 --calibration-images 64 -o ct/model.safetensors");
        QCOMPARE(exported["verified"], json(true));
        QCOMPARE(exported["file_bytes"].get<std::uintmax_t>(),
                 fs::file_size(path("ct/model.safetensors")));
        QCOMPARE(exported["file_bytes"].get<std::int64_t>(),
                 exported["payload_bytes"].get<std::int64_t>() +
                     exported["metadata_bytes"].get<std::int64_t>());
        QCOMPARE(exported["tensors"].size(), sheet["tensors"].size());
        const json groups =
            json::parse(readFile(path("ct/config.json")))["quantization_config"]["config_groups"];
        QCOMPARE(groups["group_0"]["weights"]["num_bits"], json(4));
        QCOMPARE(std::distance(fs::directory_iterator(path("ct")), fs::directory_iterator()),
                 std::ptrdiff_t{2}); // and nothing beside them

        // It is a model as the other is: looked at, proven, measured, taken apart.
        const json seen = result("inspect ct/model.safetensors");
        QCOMPARE(seen["layers"].size(), result("inspect lenet5.h5")["layers"].size());
        QCOMPARE(seen["container"]["container"], json("compressed-tensors pack-quantized"));
        QCOMPARE(seen["container"]["tensors"].size(), sheet["tensors"].size());
        QVERIFY(run("inspect ct/model.safetensors").out.contains("4 bits unsigned"));
        const json proven = result("verify ct/model.safetensors --against arch:lenet5@lenet5.pth");
        QCOMPARE(proven["verified"], json(true));
        QCOMPARE(proven["sheet"]["file_bytes"], exported["file_bytes"]);
        QCOMPARE(result("eval ct/model.safetensors --data digits:128")["correct"],
                 packed["correct"]);
        QVERIFY(!result("unpack ct/model.safetensors -o ct.pth").empty());

        // Deflated, it is the same too.
        const std::string again = "pack arch:lenet5@lenet5.pth --plan w4a8.json --data digits:128 "
                                  "--calibration-images 64 ";
        QCOMPARE(result(again + "-o small.h5 --compress 9")["verified"], json(true));
        QCOMPARE(result("verify small.h5 --against arch:lenet5@lenet5.pth")["verified"],
                 json(true));
        QCOMPARE(run(again + "-o no.safetensors --compress").exitCode, 1);
        QCOMPARE(run(again + "-o no.h5 --compress 10").exitCode, 2);
        QVERIFY(!result("unpack lenet5.h5 -o unpacked.pth").empty());
        QVERIFY(fs::file_size(path("unpacked.pth")) > 2000000);
    }

    void aDamagedPackedFileIsNotVerified()
    {
        std::string bytes = readFile(path("lenet5.h5"));
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        writeFile(path("damaged.h5"), bytes);
        const ProgramRun done = run("verify damaged.h5 --json --quiet");
        QCOMPARE(done.exitCode, 1);
        QVERIFY2(done.err.contains("damaged.h5"), done.err.constData());
        QVERIFY2(!done.json().is_discarded(), done.out.constData());
    }

    void agreesWithPyTorch()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "numpy");
        QCOMPARE(pythonFailure({"--make", "x.npy"}), std::string());
        const json done = result("infer arch:lenet5@lenet5.pth --input x.npy -o y.npy");
        QCOMPARE(done["input_shape"], json({3, 1, 28, 28}));
        QCOMPARE(done["output_shape"], json({3, 10}));
        QVERIFY(done.contains("seconds"));
        QCOMPARE(pythonFailure({"lenet5.pth", "x.npy", "y.npy"}), std::string());
        // Without activation quantizers a packed file computes what its unpacked weights compute.
        QVERIFY(!result("plan create arch:lenet5@lenet5.pth --weight-bits 4 --activation-bits 32 "
                        "-o w4.json")
                     .empty());
        QVERIFY(!result("pack arch:lenet5@lenet5.pth --plan w4.json -o w4.h5").empty());
        QVERIFY(!result("unpack w4.h5 -o w4.pth").empty());
        QVERIFY(!result("infer w4.h5 --input x.npy -o y4.npy").empty());
        QCOMPARE(pythonFailure({"w4.pth", "x.npy", "y4.npy"}), std::string());
        QCOMPARE(pythonFailure({"--equal", "lenet5.pth", "w4.pth", "4"}), std::string());
    }

    void scriptedModelsOfOtherPeople_data()
    {
        QTest::addColumn<QString>("model");
        QTest::newRow("shape of the image is only in the input file") << "convolutional";
        QTest::newRow("tokens, an embedding, recurrent layers") << "recurrent";
        QTest::newRow("weight normalisation") << "normalised";
        QTest::newRow("scripted recurrent layer") << "scripted_recurrent";
        QTest::newRow("bfloat16") << "bfloat16";
    }
    void scriptedModelsOfOtherPeople()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "numpy");
        QFETCH(QString, model);
        const char* script = "app/make_script_models.py";
        QCOMPARE(pythonFailure({"--make", model}, script), std::string());
        const std::string name = model.toStdString();
        QVERIFY(!result("infer " + name + ".pt --input " + name + ".x.npy -o y.npy").empty());
        QCOMPARE(pythonFailure({"--equal", model + ".y.npy", "y.npy", "1e-6"}, script),
                 std::string());
        // 16 bits: the packed file must give nearly what the model gives.
        const std::string shape = name == "convolutional" || name == "bfloat16"
                                      ? " --input-shape 1,3,20,36"
                                  : name == "scripted_recurrent" ? " --input-shape 1,5,6"
                                                                 : "";
        const QString tolerance = name == "bfloat16" ? "2e-2" : "1e-3"; // it has 8 bits itself
        QVERIFY(!result("plan create " + name + ".pt" + shape +
                        " --weight-bits 16 --activation-bits 32 -o w16.json")
                     .empty());
        const json packed = result("pack " + name + ".pt" + shape + " --plan w16.json -o w16.h5");
        QVERIFY(packed["verified"].get<bool>());
        QVERIFY(result("verify w16.h5 --against " + name + ".pt")["verified"].get<bool>());
        QVERIFY(!result("infer w16.h5 --input " + name + ".x.npy -o y16.npy").empty());
        QCOMPARE(pythonFailure({"--equal", model + ".y.npy", "y16.npy", tolerance}, script),
                 std::string());
    }

    void severalInputsArePackedToo()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "numpy");
        QCOMPARE(pythonFailure({"--make", "two_inputs"}, "app/make_script_models.py"),
                 std::string());
        QVERIFY(!result("plan create two_inputs.pt --weight-bits 4 --activation-bits 32 -o p.json")
                     .empty());
        QVERIFY(result("pack two_inputs.pt --plan p.json -o two.h5")["verified"].get<bool>());
        QVERIFY(result("verify two.h5 --against two_inputs.pt")["verified"].get<bool>());
    }

    void aProjectHasOneWriterAtATime()
    {
        const char* recorded = "plan create arch:lenet5 --weight-bits 4 --activation-bits 8 "
                               "-o locked.json --project locked.bitloom --quiet";
        QCOMPARE(run(recorded).exitCode, 0);
        std::optional<FileLock> lock = FileLock::take(path("locked.bitloom/.lock"), {});
        const ProgramRun refused = run(recorded);
        QCOMPARE(refused.exitCode, 1);
        const QByteArray process = QByteArray::number(QCoreApplication::applicationPid());
        QVERIFY2(refused.err.contains("open for writing in another program (process " + process),
                 refused.err.constData());
        QVERIFY2(refused.err.count('\n') == 1, refused.err.constData());
        // Whoever is done within two seconds is waited for.
        std::thread other([&lock] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            lock.reset();
        });
        const ProgramRun waited = run(recorded);
        other.join();
        QVERIFY2(waited.exitCode == 0, waited.err.constData());
        // That project holds a plan and does not know a model yet.
        QVERIFY(run("inspect locked.bitloom").err.contains("does not say which model"));
        QCOMPARE(run("inspect arch:lenet5 --project locked.bitloom").exitCode, 0);
        QCOMPARE(result("inspect locked.bitloom"), result("inspect arch:lenet5"));
    }

    void theProjectBecomesAReport()
    {
        // Reading is possible while another program writes.
        const std::optional<FileLock> lock = FileLock::take(path("p.bitloom/.lock"), {});
        QVERIFY(lock.has_value());
        const json written = result("report p.bitloom -o report.html");
        QVERIFY(written.contains("written"));
        const std::string page = readFile(path("report.html"));
        for (const char* part : {"<svg", "w4a8b8", "features.3", "train arch:lenet5"}) {
            QVERIFY2(page.find(part) != std::string::npos, part);
        }
        QCOMPARE(result("inspect p.bitloom"), result("inspect arch:lenet5@lenet5.pth"));
        QVERIFY(fs::exists(path("p.bitloom/plans/w4a8b8.json")));
        const fs::directory_iterator runs(path("p.bitloom/runs"));
        QCOMPARE(std::count_if(begin(runs), end(runs),
                               [](const auto& entry) { return entry.is_regular_file(); }),
                 std::ptrdiff_t{4}); // train, sensitivity, pack, eval
        const fs::directory_iterator kept(path("p.bitloom/runs/evaluations"));
        const json evaluation = json::parse(readFile(kept->path()));
        QCOMPARE(evaluation["format"], json("bitloom.evaluation"));
        QVERIFY(!evaluation["result"]["predictions"]["images"].empty());
        QCOMPARE(json::parse(readFile(path("p.bitloom/packed.json")))["format"],
                 json("bitloom.packed"));
    }
};

} // namespace bitloom::test

using bitloom::test::TestCliCommands;
QTEST_GUILESS_MAIN(TestCliCommands)
#include "tst_cli_commands.moc"
