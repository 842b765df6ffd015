// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/conversion.h"
#include "core/types/option_schema.h"
#include "core/types/sensitivity_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bitloom::engine {

/// Which model: a file that describes itself (TorchScript, packed), "arch:NAME" or
/// "arch:NAME@WEIGHTS".
struct ModelRef {
    std::string spec;
    std::vector<std::int64_t> inputShape;       ///< at batch 1; empty: the model's own, or guessed
    std::vector<std::int64_t> likelyShape = {}; ///< at batch 1; the first guess where one is needed
};

/// Which images: "mnist:DIR", "cifar10:DIR", "images:DIR", "digits:N".
struct DataRef {
    std::string spec;
    std::string split = "test"; ///< "train" | "test"
    std::int64_t limit = 0;     ///< first N images; 0 = all
    std::string
        preprocessing; ///< JSON as core/data/preprocessing.h writes it; empty: the model's preset
    std::int64_t batchSize = 100; ///< >= 1
};

/// How activation ranges are found: the first images of the training split.
struct CalibrationOptions {
    std::int64_t images = 256;   ///< >= 1
    std::int64_t batchSize = 64; ///< >= 1
};

/// Opens a model and describes it. Result: ModelReport.
struct InspectJob {
    ModelRef model;
};

/// Top-1 / top-5 of a model, or of the model under a plan. Result: EvalResult.
struct EvalJob {
    ModelRef model;
    DataRef data;
    std::optional<BitPlan> plan;
    CalibrationOptions calibration;
    bool keepPredictions = false; ///< EvalResult::predictions: what was said about each image
};

/// The sensitivity table of a model. Result: SensitivityTable.
struct SensitivityJob {
    ModelRef model;
    DataRef data;
    std::vector<int> bits = {2, 3, 4, 5, 6, 8};
    bool weights = true;
    bool activations = true;
    /// Schemes, granularities and observers to measure with; its bits are not used.
    UniformPlanOptions spec;
    CalibrationOptions calibration;
    /// The table is written here after each batch, and an unfinished table of the same question is
    /// continued.
    std::string output;
};

/// Exports a model under a plan into one file, reads it back and proves it. Result: PackSheet.
struct PackJob {
    ModelRef model;
    BitPlan plan;
    std::string output;
    std::optional<DataRef>
        data; ///< needed when the plan quantizes activations without fixed ranges
    CalibrationOptions calibration;
    int compress = 0; ///< HDF5 only: level at which payloads are deflated, 1 to 9; 0: none
    std::optional<WeightFormat> to = {}; ///< absent: exportFormat(output)
    std::string dtype = {};              ///< of a state dict, as in ConversionRequest
};

/// What exports of a model under a plan would hold, format by format, before anything is written.
/// Needs no images. Result: conversion reports (conversionReportsFromJson).
struct ExportPreviewJob {
    ModelRef model;
    BitPlan plan;
    std::vector<WeightFormat> formats; ///< in this order
    std::string dtype = {};            ///< of state dicts, as in ConversionRequest
};

/// One container of weights into another, read back and compared; a dry run writes nothing.
/// Needs no device and waits for no other kind of job. Result: ConversionReport.
struct ConvertJob {
    ConversionRequest request;
};

/// A packed file back to an ordinary state dict.
struct UnpackJob {
    std::string file;
    std::string output;
    bool salvage = false; ///< tensors that are damaged are left out, with a warning
};

/// Checks a packed file's checksums and, against a model, each code and the logits of a reference
/// batch.
struct VerifyJob {
    std::string file;
    std::optional<ModelRef> against;
};

/// Runs a raw tensor through a model.
struct InferJob {
    ModelRef model;
    /// .npy, float32 or, for tokens, integers; shape of the model's input with any batch size. A
    /// model that does not say its shape is opened at this one.
    std::string input;
    std::string output; ///< .npy
    std::optional<BitPlan> plan;
    std::optional<DataRef> data; ///< calibration images, as in PackJob
    CalibrationOptions calibration;
};

/// Plain training with cross-entropy. Result: EpochResult per epoch.
struct TrainJob {
    ModelRef model;
    DataRef data;
    std::string output; ///< state dict (.pth), written after each epoch
    int epochs = 10;
    std::string optimizer = "adam"; ///< "adam" | "sgd" (momentum 0.9, Nesterov)
    double learningRate = 1e-3;     ///< at the start; cosine to zero over all steps
    double weightDecay = 0;
    std::int64_t batchSize = 128;
    bool augment = false;
};

/// Searches bits by training with a method of the catalog. The same request continues a run that
/// was stopped or killed, to the same bits. Events: series_declared and series_row along the way.
/// Result: top1_percent and costs of the packed outcome, layers (docs/formats.md).
struct SearchJob {
    std::string method; ///< MethodDescription::name
    ModelRef model;
    DataRef data;         ///< its training split trains, its test split judges
    OptionValues options; ///< complete (OptionSchema::completed)
    /// History and state of the run (core/io/run_file.h), replaced after each epoch and when
    /// stopped. Beside it, its events (core/io/events/run_events.h).
    std::string runFile;
    std::string output; ///< the packed outcome, proven
};

/// Weight histograms with the grid a plan would put on them. Result: WeightHistogram per layer.
struct HistogramJob {
    ModelRef model;
    BitPlan plan;
    int bins = 100;
};

/// Everything about one layer: histograms with grids, ranges per channel, errors by observer.
/// Result: LayerDetail.
struct LayerDetailJob {
    ModelRef model;
    std::string layer; ///< LayerInfo::name
    BitPlan plan;
    std::vector<int> bits;       ///< widths to compare the plan's with; each legal, at most 20
    int bins = 100;              ///< of each histogram, 1..10,000
    std::optional<DataRef> data; ///< calibration images for the activations; absent: weight only
    CalibrationOptions calibration;
};

/// Small pictures of items of a dataset, as decoded. Items that cannot be read are left out with a
/// warning. Result: Thumbnails (core/types/thumbnail.h).
struct ThumbnailJob {
    DataRef data; ///< its split is used; limit, batch size and preprocessing are not
    std::vector<std::int64_t> indices; ///< items of the split, at most mostThumbnails(size)
    int size = 64;      ///< longer side in pixels, 8..512; smaller pictures are not enlarged
    std::string folder; ///< the pictures are written here too, as ITEM.png; empty: they are not
};

/// What a file is, and which built-in architectures a state dict fits. Nothing of it is run and no
/// weights are read. Result: FileReport.
struct IdentifyJob {
    std::string file; ///< a file or a project folder
};

/// Where everything lies in a packed file. Result: FileMap.
struct FileMapJob {
    std::string file;
};

/// What the codes of one tensor of a packed file are, and what they lost. Result: PackedDetail.
struct PackedDetailJob {
    std::string file;
    std::string tensor;
    std::optional<ModelRef> against; ///< the model that it was packed from; absent: codes only
    int bins = 100;                  ///< of the histogram of the floats, 1..10,000
};

using JobSpec =
    std::variant<InspectJob, EvalJob, SensitivityJob, PackJob, ExportPreviewJob, ConvertJob,
                 UnpackJob, VerifyJob, InferJob, TrainJob, SearchJob, HistogramJob, LayerDetailJob,
                 ThumbnailJob, IdentifyJob, FileMapJob, PackedDetailJob>;

/// A job and how it is to be run.
struct JobRequest {
    JobSpec spec;
    std::string device = "cpu"; ///< "cpu", "cuda", "cuda:N"
    std::uint64_t seed = 0;
    /// A newer job of the same non-empty slot cancels the older one, and nothing more is heard of
    /// that one but its cancellation: for previews that follow the user's hand.
    std::string slot;
};

/// "eval", "sensitivity", ...: the job's kind in events, records and messages.
std::string kindOf(const JobSpec& spec);

} // namespace bitloom::engine
