// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/bitpack_encoder.h"
#include "core/io/bitpack_source.h"
#include "core/io/packed/packed_file.h"

#include "tests/core/io/bitpack_samples.h"
#include "tests/core/io/packed_samples.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

/// What every reader of packed weights promises, asked of the interface alone.
void checkPromises(const PackedSource& source)
{
    QVERIFY(!source.formatName().empty());
    for (const PackedTensorHeader& header : source.tensors()) {
        QCOMPARE(source.find(header.name), &header);
        const PackedTensor tensor = source.readTensor(header.name);
        requireConsistent(tensor, ErrorCode::Internal);
        QVERIFY(tensor.name == header.name && tensor.kind == header.kind &&
                tensor.shape == header.shape && tensor.dtype == header.dtype);
        QCOMPARE(tensor.payloadBytes, header.payloadBytes);
        const std::size_t payload = 4 * tensor.words.size() + tensor.data.size();
        QCOMPARE(static_cast<std::int64_t>(payload), header.payloadBytes);
        if (header.kind != PackedKind::Int) {
            BITLOOM_EXPECT_ERROR(source.readParameters(header.name), ErrorCode::InvalidArgument,
                                 "holds no integer codes");
            continue;
        }
        const PackedTensor parameters = source.readParameters(header.name);
        QVERIFY(parameters.words.empty());
        QVERIFY(parameters.scale == tensor.scale && parameters.zeroPoint == tensor.zeroPoint &&
                parameters.origin == tensor.origin && parameters.rowBits == tensor.rowBits &&
                parameters.gIdx == tensor.gIdx);
        QVERIFY(tensor.unit == header.unit && tensor.encoding == header.encoding);
        QCOMPARE(tensor.bits, header.bits);
    }
    QVERIFY(source.find("no such tensor") == nullptr);
    BITLOOM_EXPECT_ERROR(source.readTensor("no such tensor"), ErrorCode::NotFound,
                         "no such tensor");
}

} // namespace

class TestPackedSource : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path file(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }

private Q_SLOTS:
    void ourHdf5()
    {
        writeSamples(file("a.h5"));
        const PackedFileReader reader(file("a.h5"));
        checkPromises(reader);
        QCOMPARE(textOf(reader.formatName()), std::string("packed HDF5 1.0"));
        QVERIFY(reader.notes().empty());
        QCOMPARE(reader.activations().size(), std::size_t{1});
    }

    void bitPack()
    {
        const std::vector<std::int64_t> weights{-7, -1, 0, 7, 3, -2};
        const std::vector<std::int64_t> depthwise{3, 0, 1, 2, 3, 3, 0, 1, 2};
        const std::vector<at::Tensor> tensors{
            tensorOf(weights, {2, 3}), tensorOf(depthwise, {3, 1, 3}), realsOf({0.5, -1}),
            tensorOf({70000}, {}, at::kLong), tensorOf({9, 9}, {2}, at::kChar)};
        BitPackFile packed;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            packed.entries.push_back(
                encode("t" + std::to_string(i), tensors[i], BitPackMode::Safe));
        }
        writeBitPack(file("a.pth"), packed, TorchContainer::Zip);
        const BitPackSource source(file("a.pth"));
        checkPromises(source);
        QCOMPARE(source.tensors().size(), tensors.size());
        const auto integers = [&](const char* name) {
            const std::vector<std::int32_t> found = decodeIntegers(source.readTensor(name));
            return std::vector<std::int64_t>(found.begin(), found.end());
        };
        QVERIFY(integers("t0") == weights);
        QVERIFY(integers("t1") == depthwise);
        QVERIFY(integers("t4") == (std::vector<std::int64_t>{9, 9}));
        QCOMPARE(source.readTensor("t0").origin, (std::vector<std::int32_t>{-7}));
        QVERIFY(source.find("t1")->unit == PackUnit::Tensor); // 3 rows of 3 codes
        QCOMPARE(source.find("t2")->dtype, std::string("float32"));
        QCOMPARE(source.find("t3")->dtype, std::string("int64"));
    }

    void anOffsetBeyond32BitsIsRefused()
    {
        writeSample(file("wide.pth"), {}, tensorOf({0x06, 0x7e, 0xa5}, {1, 3}, at::kByte),
                    scalarOf(std::int64_t{1} << 33, at::kLong));
        BITLOOM_EXPECT_ERROR(BitPackSource(file("wide.pth")), ErrorCode::CorruptFile,
                             "w has the offset 8589934592, its integers do not fit 32 bits");
    }
};

QTEST_GUILESS_MAIN(TestPackedSource)
#include "tst_packed_source.moc"
