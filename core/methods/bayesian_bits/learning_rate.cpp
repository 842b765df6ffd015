// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/learning_rate.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <sstream>

namespace bitloom::bayesian_bits {

namespace {

std::vector<std::string_view> splitAtColons(std::string_view text)
{
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t colon = text.find(':');
        parts.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos) {
            return parts;
        }
        text.remove_prefix(colon + 1);
    }
}

template <typename Number>
bool readNumber(std::string_view text, Number& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

[[noreturn]] void refuse(std::string_view text)
{
    fail(ErrorCode::InvalidArgument, "learning rate schedule: found \"", text,
         "\", allowed are constant, linear-tail, multistep:EPOCH:EPOCH... with ascending epochs, "
         "and cosine:MINIMUM");
}

} // namespace

LearningRateSchedule parseSchedule(std::string_view text)
{
    const std::vector<std::string_view> parts = splitAtColons(text);
    LearningRateSchedule schedule;
    if (text == "constant") {
        return schedule;
    }
    if (text == "linear-tail") {
        schedule.kind = LearningRateSchedule::Kind::LinearTail;
        return schedule;
    }
    if (parts.front() == "multistep" && parts.size() > 1) {
        schedule.kind = LearningRateSchedule::Kind::MultiStep;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            int epoch = 0;
            if (!readNumber(parts[i], epoch) || epoch < 1 ||
                (i > 1 && epoch <= schedule.milestones.back())) {
                refuse(text);
            }
            schedule.milestones.push_back(epoch);
        }
        return schedule;
    }
    if (parts.front() == "cosine" && parts.size() == 2) {
        schedule.kind = LearningRateSchedule::Kind::Cosine;
        if (readNumber(parts[1], schedule.minimum) && schedule.minimum >= 0 &&
            std::isfinite(schedule.minimum)) {
            return schedule;
        }
    }
    refuse(text);
}

std::string toString(const LearningRateSchedule& schedule)
{
    std::ostringstream text;
    text.imbue(std::locale::classic());
    switch (schedule.kind) {
    case LearningRateSchedule::Kind::Constant:
        return "constant";
    case LearningRateSchedule::Kind::LinearTail:
        return "linear-tail";
    case LearningRateSchedule::Kind::MultiStep:
        text << "multistep";
        for (const int epoch : schedule.milestones) {
            text << ':' << epoch;
        }
        return text.str();
    case LearningRateSchedule::Kind::Cosine:
        break;
    }
    text << "cosine:" << schedule.minimum;
    return text.str();
}

double learningRate(const LearningRateSchedule& schedule, double initial, int epoch, int epochs,
                    bool isForWeights)
{
    switch (schedule.kind) {
    case LearningRateSchedule::Kind::Constant:
        return initial;
    case LearningRateSchedule::Kind::LinearTail: {
        const int start = static_cast<int>(2.0 / 3.0 * epochs);
        if (!isForWeights || epoch <= start) {
            return initial;
        }
        return initial * static_cast<double>(epoch - epochs) / static_cast<double>(start - epochs);
    }
    case LearningRateSchedule::Kind::MultiStep: {
        const auto passed = std::ranges::count_if(
            schedule.milestones, [epoch](int milestone) { return milestone <= epoch; });
        return initial * std::pow(0.1, static_cast<double>(passed));
    }
    case LearningRateSchedule::Kind::Cosine:
        break;
    }
    const double phase = static_cast<double>(epoch) / static_cast<double>(epochs);
    return schedule.minimum +
           (initial - schedule.minimum) * 0.5 * (1 + std::cos(std::numbers::pi * phase));
}

} // namespace bitloom::bayesian_bits
