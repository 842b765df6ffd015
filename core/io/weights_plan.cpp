// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_source.h"
#include "core/io/packed_model.h"
#include "core/io/packed_tensor_codec.h"

#include <algorithm>
#include <utility>

namespace bitloom {

namespace {

bool areZero(const std::vector<std::int32_t>& values)
{
    return std::ranges::all_of(values, [](std::int32_t value) { return value == 0; });
}

/// What the codes of one weight say of its entry, and which of it a plan cannot hold.
class WeightEntry {
public:
    explicit WeightEntry(const io::PackedTensor& tensor) : m_tensor(tensor) {}

    QuantSpec spec() const
    {
        QuantSpec spec;
        spec.bits =
            m_tensor.rowBits.empty() ? m_tensor.bits : *std::ranges::max_element(m_tensor.rowBits);
        const bool isCentred =
            m_tensor.encoding == io::CodeEncoding::OffsetBinary && areZero(m_tensor.zeroPoint);
        spec.scheme = isCentred && spec.bits > 1 ? QScheme::Symmetric : QScheme::Affine;
        spec.granularity =
            m_tensor.scale.size() > 1 ? Granularity::PerChannel : Granularity::PerTensor;
        return spec;
    }
    /// Rows without a bit, which are all 0.
    std::vector<std::int64_t> prunedRows() const
    {
        std::vector<std::int64_t> rows;
        for (std::size_t row = 0; row < m_tensor.rowBits.size(); ++row) {
            if (m_tensor.rowBits[row] == 0 && codesOfNoBitsAreZero()) {
                rows.push_back(static_cast<std::int64_t>(row));
            }
        }
        return rows;
    }
    bool hasGroups() const { return m_tensor.groupSize > 0; }
    bool hasSeveralWidths() const
    {
        const auto isWidest = [widest = spec().bits](int bits) { return bits == widest; };
        return std::ranges::count_if(m_tensor.rowBits, isWidest) +
                   static_cast<std::ptrdiff_t>(prunedRows().size()) <
               std::ssize(m_tensor.rowBits);
    }
    bool hasGrid() const { return bitloom::hasGrid(m_tensor); }

private:
    bool codesOfNoBitsAreZero() const
    {
        return m_tensor.encoding != io::CodeEncoding::MinShift && areZero(m_tensor.zeroPoint);
    }
    const io::PackedTensor& m_tensor;
};

/// Names of layers about which there is something to say.
struct Remarks {
    std::vector<std::string> groups;
    std::vector<std::string> widths;
    std::vector<std::string> otherGrids;

    void look(const std::string& layer, const WeightEntry& entry)
    {
        if (entry.hasGroups()) {
            groups.push_back(layer);
        } else if (entry.hasSeveralWidths()) {
            widths.push_back(layer);
        } else if (!entry.hasGrid() && entry.spec().bits > 0 && entry.prunedRows().empty()) {
            otherGrids.push_back(layer);
        }
    }
    std::vector<Phrase> sentences() const
    {
        std::vector<Phrase> said{PhraseId::ActivationsUnsaid};
        const auto say = [&said](const std::vector<std::string>& layers, PhraseId what) {
            if (!layers.empty()) {
                said.push_back({what, {enumeratedFirst(layers)}});
            }
        };
        say(groups, PhraseId::GroupsUnsayable);
        say(widths, PhraseId::WidthsUnsayable);
        say(otherGrids, PhraseId::GridsUnsayable);
        return said;
    }
};

} // namespace

StoredQuantization quantizationOfWeights(const io::PackedSource& source, const LoadedModel& model)
{
    StoredQuantization stored;
    stored.plan.modelName = model.info.name;
    stored.plan.modelFingerprint = model.info.fingerprint;
    Remarks remarks;
    for (const LayerInfo& layer : model.info.layers) {
        LayerPlan entry{layer.name, {}, {}, !layer.weight.empty()};
        const io::PackedTensorHeader* header =
            entry.hasWeight ? source.find(layer.weight) : nullptr;
        if (header != nullptr && header->kind == io::PackedKind::Int) {
            const io::PackedTensor tensor = source.readParameters(layer.weight);
            const WeightEntry weight(tensor);
            entry.weight = weight.spec();
            entry.prunedChannels = weight.prunedRows();
            remarks.look(layer.name, weight);
            if (weight.hasGrid()) {
                stored.state.weights.emplace(layer.name, gridOf(tensor));
            }
        }
        stored.plan.layers.push_back(std::move(entry));
    }
    for (const TensorInfo& tensor : model.info.tensors) {
        TensorPlan entry;
        entry.name = tensor.name;
        entry.readers = tensor.readers;
        stored.plan.tensors.push_back(std::move(entry));
    }
    stored.gaps = remarks.sentences();
    return stored;
}

} // namespace bitloom
