// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/weight_targets.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/graph/parallel_tasks.h"
#include "core/io/packed/packed_file.h"
#include "core/io/stored_rows.h"

#include <ATen/Parallel.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace bitloom::io {

namespace {

/// Lets tasks that run side by side do one part of their work in the order of their numbers.
class Turns {
public:
    /// Waits until number's turn has come. False: a task before it gave up.
    bool await(std::int64_t number)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_next == number || m_isOver; });
        return !m_isOver;
    }
    void pass()
    {
        {
            const std::lock_guard lock(m_mutex);
            ++m_next;
        }
        m_changed.notify_all();
    }
    void giveUp()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::int64_t m_next = 0;
    bool m_isOver = false;
};

/// Calls use(tensor) with all tensors in order, the next one being read (or encoded, which takes as
/// long) meanwhile. False when cancelled.
bool forEachTensorRead(const PackedSource& source, const char* phase, RunControl& control,
                       const std::function<void(const PackedTensor&)>& use)
{
    constexpr int kThreads = 2; // more would hold more tensors and wait for the writer
    const std::vector<PackedTensorHeader>& headers = source.tensors();
    const auto count = static_cast<std::int64_t>(headers.size());
    Turns turns;
    const auto readAndUse = [&](std::int64_t i) {
        const PackedTensorHeader& header = headers[static_cast<std::size_t>(i)];
        const bool isKnown = header.kind != PackedKind::Unknown;
        const PackedTensor tensor = isKnown ? source.readTensor(header.name) : PackedTensor{};
        if (!turns.await(i)) {
            return;
        }
        if (control.shouldStop()) {
            turns.giveUp();
            return;
        }
        if (isKnown) {
            use(tensor);
        }
        control.report({phase, i + 1, count, "tensors"});
        turns.pass();
    };
    runTasks(count, std::min(kThreads, at::get_num_threads()), {}, [&](std::int64_t i) {
        try {
            readAndUse(i);
        } catch (...) {
            turns.giveUp();
            throw;
        }
    });
    return !control.stopRequested();
}

/// In byte order of the names, as our HDF5 lists them.
std::vector<PackedActivation> sortedActivations(const PackedSource& source)
{
    std::vector<PackedActivation> sorted = source.activations();
    std::ranges::sort(sorted, {}, &PackedActivation::name);
    return sorted;
}

/// Our HDF5: everything is kept.
class PackedTarget final : public WeightTarget {
public:
    explicit PackedTarget(const ConversionRequest& request)
        : m_input(request.input), m_compress(request.compress)
    {
    }

    ConvertedTensor foresee(const PackedTensor& parameters) const override
    {
        ConvertedTensor line = lineAbout(parameters);
        if (parameters.kind == PackedKind::Unknown) {
            line.fate = ConversionFate::Lost;
            line.what = {PhraseId::NamedKindIsNewer, {parameters.kindText}};
            return line;
        }
        line.after = line.before;
        line.bytes = parameters.payloadBytes + parameters.parameterBytes;
        return line;
    }

    std::int64_t containerBytes(const PackedSource& source) const override
    {
        return estimate(source, {.file = 7500, .code = 1600, .raw = 1080, .name = 2, .meta = 1});
    }

    std::vector<Phrase> losses(const PackedSource&) const override { return {}; }

    bool write(const PackedSource& source, const std::filesystem::path& path,
               RunControl& control) override
    {
        PackedMeta meta = source.meta();
        meta.creator = PackedMeta().creator;
        meta.created.clear();
        if (meta.provenance == "{}" && !m_input.empty()) {
            meta.provenance =
                nlohmann::json{{"source", m_input}, {"format", textOf(source.formatName())}}.dump();
        }
        PackedFileWriter writer(path, meta, {m_compress});
        if (!forEachTensorRead(source, "writing", control,
                               [&](const PackedTensor& tensor) { writer.add(tensor); })) {
            return false;
        }
        for (const PackedActivation& activation : source.activations()) {
            writer.add(activation);
        }
        writer.finish();
        return true;
    }

    bool compare(const PackedSource& source, const std::filesystem::path& path, RunControl& control,
                 std::vector<PackSheetRow>* rows) override
    {
        const PackedFileReader reader(path);
        BITLOOM_REQUIRE(sortedActivations(reader) == sortedActivations(source),
                        ErrorCode::VerifyFailed,
                        "the activation quantizers do not read back as they were written");
        return forEachTensor(source, "comparing", control, [&](const PackedTensorHeader& header) {
            if (header.kind == PackedKind::Unknown) {
                return;
            }
            const PackedTensor written = reader.readTensor(header.name);
            requireSame(header.name, sameContents(source.readTensor(header.name), written));
            if (rows != nullptr) {
                rows->push_back(sheetRow(written, crc32(written.payload())));
            }
        });
    }

private:
    std::string m_input;
    int m_compress;
};

Phrase bitsOf(const PackedTensor& tensor)
{
    const Phrase encoding = std::string(toString(tensor.encoding));
    if (tensor.bits == PackedTensorHeader::kBitsPerRow) {
        return {PhraseId::CodesPerChannel, {encoding}};
    }
    return tensor.bits == 1
               ? Phrase(PhraseId::CodesOfOneBit, {encoding})
               : Phrase(PhraseId::CodesOfBits, {std::to_string(tensor.bits), encoding});
}

Phrase scaleOf(const PackedTensor& tensor)
{
    if (tensor.scale.empty()) {
        return PhraseId::NoScale;
    }
    if (tensor.groupSize > 0) {
        return {tensor.gIdx.empty() ? PhraseId::ScalePerGroup : PhraseId::ScalePerGroupAnyOrder,
                {std::to_string(tensor.groupSize)}};
    }
    return tensor.scale.size() == 1 ? PhraseId::OneScale : PhraseId::ScalePerChannel;
}

} // namespace

std::unique_ptr<WeightTarget> makePackedTarget(const ConversionRequest& request)
{
    return std::make_unique<PackedTarget>(request);
}

std::unique_ptr<WeightTarget> makeWeightTarget(WeightFormat format,
                                               const ConversionRequest& request)
{
    switch (format) {
    case WeightFormat::Packed:
        return makePackedTarget(request);
    case WeightFormat::BitPack:
    case WeightFormat::BitPackExact:
    case WeightFormat::BitPackLegacy:
    case WeightFormat::BitPackExactLegacy:
        return makeBitPackTarget(format);
    case WeightFormat::TorchState:
    case WeightFormat::SafetensorsState:
        return makeStateTarget(format, request.dtype);
    case WeightFormat::CompressedTensors:
        return makeCompressedTarget(request);
    }
    fail(ErrorCode::Internal, "unknown format of weights");
}

Phrase describeStorage(const PackedTensor& parameters)
{
    if (parameters.kind == PackedKind::Raw) {
        return parameters.dtype;
    }
    if (parameters.kind == PackedKind::Unknown) {
        return parameters.kindText;
    }
    Phrase storage(PhraseId::List, {bitsOf(parameters), scaleOf(parameters)});
    if (!parameters.zeroPoint.empty()) {
        storage.arguments.emplace_back(PhraseId::ZeroPoints);
    }
    return storage;
}

ConvertedTensor lineAbout(const PackedTensor& parameters)
{
    ConvertedTensor line;
    line.name = parameters.name;
    line.shape = parameters.shape;
    line.before = describeStorage(parameters);
    return line;
}

std::vector<Phrase> lossesOfModel(const PackedSource& source)
{
    std::vector<Phrase> losses;
    const PackedMeta& meta = source.meta();
    if (meta.hasNetwork()) {
        losses.emplace_back(PhraseId::NetworkLost);
    }
    if (meta.config != "{}") {
        losses.emplace_back(PhraseId::PlanLost);
    }
    if (!source.activations().empty()) {
        losses.push_back(
            {PhraseId::ActivationsLost, {std::to_string(source.activations().size())}});
    }
    return losses;
}

std::int64_t estimate(const PackedSource& source, const ContainerCost& cost)
{
    std::int64_t bytes = cost.file;
    for (const PackedTensorHeader& header : source.tensors()) {
        bytes += (header.kind == PackedKind::Int ? cost.code : cost.raw) +
                 cost.name * static_cast<std::int64_t>(header.name.size());
    }
    constexpr std::size_t kActivation = 400; // its quantizer with its name
    const PackedMeta& meta = source.meta();
    const std::size_t texts = meta.config.size() + meta.graph.size() + meta.provenance.size() +
                              kActivation * source.activations().size();
    return bytes + static_cast<std::int64_t>(cost.meta * static_cast<double>(texts));
}

void requireSame(const std::string& name, bool isSame)
{
    BITLOOM_REQUIRE(isSame, ErrorCode::VerifyFailed, name, " does not read back as it was written");
}

bool forEachTensor(const PackedSource& source, const char* phase, RunControl& control,
                   const std::function<void(const PackedTensorHeader&)>& use)
{
    const auto total = static_cast<std::int64_t>(source.tensors().size());
    std::int64_t done = 0;
    for (const PackedTensorHeader& header : source.tensors()) {
        if (control.shouldStop()) {
            return false;
        }
        use(header);
        control.report({phase, ++done, total, "tensors"});
    }
    return true;
}

} // namespace bitloom::io
