// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/model_info.h"
#include "core/types/run_history.h"

#include <cmath>
#include <string>
#include <vector>

namespace bitloom::test {

/// A run of Bayesian Bits as its history tells it, of any size: gates that fall one after the
/// other, an evaluation every 100 rows. layers weights, each but the last with an activation behind
/// it.
struct RunSample {
    ModelInfo model;
    RunHistory history;
};

inline void appendRunRow(RunHistory& history, int layers, int channels, std::int64_t step)
{
    const auto value = [step](int i) {
        return static_cast<float>(std::sin(0.01 * static_cast<double>(step) + i));
    };
    const auto fall = [step](int i) {
        return static_cast<float>(1 /
                                  (1 + std::exp(0.002 * static_cast<double>(step) - 3 - 0.1 * i)));
    };
    const int sites = 2 * layers - 1;
    const float noise = 0.1F * value(0);
    const float crossEntropy = 0.1F + 2.0F * std::exp(-0.001F * static_cast<float>(step));
    history.append("losses", step,
                   std::vector<float>{crossEntropy + 0.7F + noise, crossEntropy, 7.0F + noise, 90});
    history.append("learning_rates", step, std::vector<float>{1e-3F, 1e-2F, 1e-3F});
    std::vector<float> gates;
    std::vector<float> ranges;
    for (int site = 0; site < sites; ++site) {
        gates.insert(gates.end(),
                     {site % 2 == 0 ? fall(site) : 1.0F, 0.99F, fall(site), 0.01F, 0.01F});
        ranges.push_back(1.5F + 0.1F * value(site));
    }
    history.append("gate_probabilities", step, gates);
    history.append("ranges", step, ranges);
    if (step % 100 != 0) {
        return;
    }
    history.append("evaluation", step, std::vector<float>{98.5F, 0.5F, 0.6F, 3});
    std::vector<float> rows;
    for (int layer = 0; layer < layers; ++layer) {
        rows.insert(rows.end(), {4, 8, 87.5F, 0.1F * static_cast<float>(layer + 1),
                                 1.5F * static_cast<float>(layer + 1)});
    }
    history.append("layers", step, rows);
    std::vector<float> tensors;
    for (int site = 0; site < sites; ++site) {
        tensors.insert(tensors.end(), {site % 2 == 0 ? -1.0F : 0.0F, 2.0F, 0.25F});
    }
    history.append("tensor_ranges", step, tensors);
    std::vector<float> kept;
    for (int i = 0; i < layers * channels; ++i) {
        kept.push_back(static_cast<float>(i % channels) / static_cast<float>(channels));
    }
    if (!kept.empty()) {
        history.append("channel_probabilities", step, kept);
    }
}

inline RunSample runSample(int layers, int rows, int channels = 8)
{
    RunSample made;
    std::vector<std::string> gates, sites, tensors, columns, kept;
    for (int layer = 0; layer < layers; ++layer) {
        LayerInfo info;
        info.name = "block" + std::to_string(layer) + ".conv";
        info.weight = info.name + ".weight";
        info.macs = 1000 * (layer + 1);
        made.model.layers.push_back(info);
        sites.push_back(info.weight);
        if (layer + 1 < layers) {
            sites.push_back("block" + std::to_string(layer) + ".relu");
        }
        for (int channel = 0; channel < channels; ++channel) {
            kept.push_back(info.weight + "[" + std::to_string(channel) + "]");
        }
        for (const char* figure :
             {"weight_bits", "activation_bits", "kept_percent", "bops_percent", "regulariser"}) {
            columns.push_back(info.name + "/" + figure);
        }
    }
    for (const std::string& site : sites) {
        for (const char* level : {"kept", "4", "8", "16", "32"}) {
            gates.push_back(site + "/" + level);
        }
        for (const char* figure : {"min", "max", "clipped_percent"}) {
            tensors.push_back(site + "/" + figure);
        }
    }
    RunHistory& history = made.history;
    history.declare("losses", {"loss", "cross_entropy", "regulariser", "train_top1_percent"});
    history.declare("learning_rates", {"weights", "gates", "ranges"});
    history.declare("gate_probabilities", gates);
    history.declare("ranges", sites);
    history.declare("evaluation", {"top1_percent", "relative_bops_percent",
                                   "expected_relative_bops_percent", "absorbed_gates"});
    history.declare("layers", columns);
    history.declare("tensor_ranges", tensors);
    if (!kept.empty()) {
        history.declare("channel_probabilities", kept);
    }
    for (int row = 0; row < rows; ++row) {
        appendRunRow(history, layers, channels, row);
    }
    return made;
}

} // namespace bitloom::test
