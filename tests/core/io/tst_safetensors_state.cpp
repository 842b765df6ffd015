// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// State dicts in safetensors files.
#include "core/io/safetensors/safetensors_writer.h"
#include "core/io/state/safetensors_state.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/view_as_complex.h>
#include <ATen/ops/zeros.h>

#include "tests/support/phrase_texts.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::io;
using namespace std::string_literals;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

using NamedTensor = std::pair<std::string, at::Tensor>;

/// Every dtype that both sides have, views and empty tensors among them.
StateDict sample()
{
    using enum c10::ScalarType;
    StateDict state;
    const at::Tensor base = at::arange(12, at::kFloat).reshape({3, 4});
    for (const auto type : {Bool, Byte, Char, Short, Int, Long, Half, BFloat16, Float, Double,
                            UInt16, UInt32, UInt64, ComplexFloat, Float8_e4m3fn, Float8_e5m2}) {
        state.tensors.emplace_back("t." + std::string(c10::toString(type)),
                                   base.slice(0, 0, 2).to(type));
    }
    state.tensors.emplace_back("base", base);
    state.tensors.emplace_back("transposed", base.t()); // shares the storage of base
    state.tensors.emplace_back("conjugate", at::view_as_complex(base.reshape({6, 2})).conj());
    state.tensors.emplace_back("scalar", at::ones({}, Long));
    state.tensors.emplace_back("none", at::zeros({0, 3}, Half));
    return state;
}

std::string bytesOf(const at::Tensor& tensor)
{
    const at::Tensor dense = tensor.resolve_conj().contiguous();
    return {static_cast<const char*>(dense.const_data_ptr()), dense.nbytes()};
}

std::map<std::string, std::string> hexOf(const StateDict& state)
{
    std::map<std::string, std::string> all;
    for (const auto& [name, tensor] : state.tensors) {
        all[name] = QByteArray::fromStdString(bytesOf(tensor)).toHex().toStdString();
    }
    return all;
}

std::map<std::string, std::string> hexOf(const json& described)
{
    std::map<std::string, std::string> all;
    for (const auto& [name, tensor] : described["tensors"].items()) {
        all[name] = tensor[2];
    }
    return all;
}

} // namespace

class TestSafetensorsState : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    /// header: shorter than 256 bytes.
    void writeByHand(const std::string& name, const std::string& header, const std::string& data)
    {
        test::writeFile(file(name), std::string(1, static_cast<char>(header.size())) +
                                        std::string(7, '\0') + header + data);
    }

private Q_SLOTS:
    void returnsWhatWasWritten()
    {
        const StateDict state = sample();
        writeStateDict(file("a.safetensors"), state);
        const StateDict read = readStateDict(file("a.safetensors"));
        QCOMPARE(hexOf(read), hexOf(state));
        for (const auto& [name, tensor] : read.tensors) {
            const auto& source = *std::ranges::find(state.tensors, name, &NamedTensor::first);
            QCOMPARE(tensor.sizes(), source.second.sizes());
            QCOMPARE(tensor.scalar_type(), source.second.scalar_type());
        }
        writeStateDict(file("b.safetensors"), read);
        QVERIFY(test::readFile(file("a.safetensors")) == test::readFile(file("b.safetensors")));
        const StateListing listing = listStateDict(file("a.safetensors"));
        QCOMPARE(listing.entries.size(), state.tensors.size());
        for (std::size_t i = 0; i < listing.entries.size(); ++i) {
            QCOMPARE(listing.entries[i].name, read.tensors[i].first);
            QCOMPARE(listing.entries[i].sizes, read.tensors[i].second.sizes().vec());
            QCOMPARE(listing.entries[i].type, read.tensors[i].second.scalar_type());
        }
    }

    /// The package reads our state dict, and we read the one that it writes.
    void agreesWithThePackage()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "safetensors");
        writeStateDict(file("ours.safetensors"), sample());
        const json seen =
            test::runScript("core/io/safetensors_package.py",
                            {QString::fromStdString(file("ours.safetensors").string()),
                             QString::fromStdString(file("theirs.safetensors").string())});
        QCOMPARE(hexOf(seen["ours"]), hexOf(sample()));
        QCOMPARE(hexOf(readStateDict(file("theirs.safetensors"))), hexOf(seen["theirs"]));
    }

    void tensorsReferToTheMappedFile()
    {
        writeStateDict(file("a.safetensors"), {{{"w", at::arange(6, at::kFloat)}}, {}});
        const std::string before = test::readFile(file("a.safetensors"));
        at::Tensor kept;
        {
            const StateDict first = readStateDict(file("a.safetensors"));
            kept = first.tensors.at(0).second;
        }
        const SafetensorsReader reader(file("a.safetensors"), MapAccess::CopyOnWrite);
        const SafetensorsEntry& entry = reader.entries().at(0);
        QCOMPARE(tensorOf(reader, entry).const_data_ptr(),
                 static_cast<const void*>(reader.bytesOf(entry).data()));
        // Changed in place, the tensor changes and the file does not; nor does the tensor when the
        // file is replaced.
        kept.mul_(2);
        QVERIFY(at::equal(kept, at::arange(0, 12, 2, at::kFloat)));
        QVERIFY(test::readFile(file("a.safetensors")) == before);
        writeStateDict(file("a.safetensors"), {{{"w", at::zeros({6})}}, {}});
        QVERIFY(at::equal(kept, at::arange(0, 12, 2, at::kFloat)));
    }

    void readsWhatOthersLayOutOtherwise()
    {
        // Another writer's order leaves w at an odd place, and has truth values of its own.
        const std::string header =
            R"({"module.b":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]},)"
            R"("module.w":{"dtype":"F32","shape":[1],"data_offsets":[3,7]}})";
        writeByHand("odd.safetensors", header, "\0\2\xff\0\0\x80\x3f"s);
        const StateDict state = readStateDict(file("odd.safetensors"));
        QCOMPARE(test::textsOf(state.notes),
                 std::vector<std::string>{"prefix module. removed from every name"});
        QCOMPARE(bytesOf(state.tensors.at(0).second), "\0\1\1"s);
        QCOMPARE(state.tensors.at(1).first, "w"s);
        QCOMPARE(state.tensors.at(1).second.item<float>(), 1.0F);
        QCOMPARE(listStateDict(file("odd.safetensors")).entries.at(0).name, "b"s);
    }

    void aFolderOfSeveralFilesIsOneStateDict()
    {
        const fs::path folder = file("several");
        fs::create_directories(folder);
        writeStateDict(folder / "a.safetensors", {{{"x.weight", at::arange(6, at::kFloat)}}, {}});
        writeStateDict(folder / "b.safetensors", {{{"y.weight", at::ones({2, 2})}}, {}});
        const auto index = [&](const std::string& text) {
            test::writeFile(folder / "model.safetensors.index.json", text);
        };
        index(R"({"weight_map":{"y.weight":"b.safetensors","x.weight":"a.safetensors"}})");
        const StateDict state = readStateDict(folder);
        QCOMPARE(state.tensors.size(), std::size_t{2});
        QCOMPARE(state.tensors[0].first, "x.weight"s);
        QVERIFY(state.tensors[0].second.equal(at::arange(6, at::kFloat)));
        QVERIFY(state.tensors[1].second.equal(at::ones({2, 2})));
        QCOMPARE(listStateDict(folder).entries.at(1).sizes, (std::vector<std::int64_t>{2, 2}));
        index(R"({"weight_map":{}})");
        BITLOOM_EXPECT_ERROR(readStateDict(folder), ErrorCode::CorruptFile,
                             "there is no weight_map");
        fs::copy_file(folder / "a.safetensors", folder / "c.safetensors");
        index(R"({"weight_map":{"y":"c.safetensors","x.weight":"a.safetensors"}})");
        BITLOOM_EXPECT_ERROR(readStateDict(folder), ErrorCode::CorruptFile,
                             "tensor x.weight is in another file of the folder too");
        index(R"({"weight_map":{"y.weight":"d.safetensors"}})");
        BITLOOM_EXPECT_ERROR(listStateDict(folder), ErrorCode::NotFound, "d.safetensors");
    }

    void refusesWhatCannotBeHeld()
    {
        SafetensorsWriter writer(file("four.safetensors"), {{"w", SafetensorsType::F4, {2}}});
        writer.append("w", std::as_bytes(std::span("x", 1)));
        writer.finish();
        for (const bool list : {false, true}) {
            BITLOOM_EXPECT_ERROR(list ? void(listStateDict(file("four.safetensors")))
                                      : void(readStateDict(file("four.safetensors"))),
                                 ErrorCode::Unsupported, "tensor w has the dtype F4");
        }
        writeByHand("wide.safetensors",
                    R"({"w":{"dtype":"U8","shape":[0,4611686018427387904,4611686018427387904],)"
                    R"("data_offsets":[0,0]}})",
                    "");
        BITLOOM_EXPECT_ERROR(readStateDict(file("wide.safetensors")), ErrorCode::CorruptFile,
                             "tensor w is too large");
        const at::Tensor one = at::ones({1});
        const auto write = [&](std::vector<NamedTensor> tensors) {
            writeStateDict(file("out.safetensors"), {std::move(tensors), {}});
        };
        BITLOOM_EXPECT_ERROR(write({{"w", at::Tensor()}}), ErrorCode::InvalidArgument,
                             "tensor w is undefined");
        BITLOOM_EXPECT_ERROR(write({{"w", one.to(c10::ScalarType::ComplexDouble)}}),
                             ErrorCode::Unsupported,
                             "tensor w is of the type ComplexDouble, which a safetensors");
        BITLOOM_EXPECT_ERROR(write({{"w", one.to_sparse()}}), ErrorCode::Unsupported,
                             "dense tensors of plain numbers");
        BITLOOM_EXPECT_ERROR(write({{"w", one}, {"w", one}}), ErrorCode::InvalidArgument,
                             "w occurs twice");
        QVERIFY(!fs::exists(file("out.safetensors")));
    }
};

QTEST_GUILESS_MAIN(TestSafetensorsState)
#include "tst_safetensors_state.moc"
