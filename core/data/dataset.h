// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/image.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bitloom {

enum class DatasetSplit { Train, Test };
std::string_view toString(DatasetSplit split);

/// Labelled pictures, one item after the other.
///
/// Threads: every const member may be called from any number of threads at once.
/// Errors: read() throws CorruptFile, UnknownFormat, UnsafeFile, NotFound or IoFailure for an item
/// that cannot be
///         decoded (BatchLoader skips and counts those); an index outside [0, size) is
///         InvalidArgument.
class Dataset {
public:
    virtual ~Dataset() = default;

    /// For people: "cifar10 test".
    virtual std::string name() const = 0;
    virtual std::int64_t size() const = 0;
    /// Labels lie in [0, classCount).
    virtual std::int64_t classCount() const = 0;
    virtual std::string className(std::int64_t label) const = 0;
    virtual std::int64_t label(std::int64_t index) const = 0;
    /// Where the item comes from: a path, or "test_batch.bin #17".
    virtual std::string itemId(std::int64_t index) const = 0;
    /// Decodes item index into image, reusing its memory.
    virtual void read(std::int64_t index, ImageU8& image) const = 0;
    /// The shape that all items share, if they do.
    virtual std::optional<ImageShape> commonShape() const = 0;

    ImageU8 get(std::int64_t index) const;

protected:
    void requireIndex(std::int64_t index) const;
};

/// Opens "mnist:DIR", "cifar10:DIR", "images:DIR" or "digits:N".
///
/// The test split is MNIST's t10k files, CIFAR-10's test_batch.bin, the val/ folder of an image
/// folder (or test/, or the whole folder where it has no split), and for digits a stream of its
/// own; digits:N gives N digits in each split. Errors: InvalidArgument for an unknown kind,
/// NotFound for a missing folder, BadDataset for a folder that is empty,
///         incomplete or of another kind (the message says what was found), CorruptFile for damaged
///         files.
std::shared_ptr<const Dataset> openDataset(std::string_view description, DatasetSplit split);

/// What a folder looks like to us, for error messages: "it holds MNIST idx files (mnist:DIR)".
std::string describeDatasetFolder(const std::filesystem::path& folder);
/// NotFound or BadDataset unless folder is a readable, existing directory.
void requireDatasetFolder(const std::filesystem::path& folder);

} // namespace bitloom
