// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/data/image_folder.h"

#include "core/base/error.h"
#include "core/data/image_decoder.h"
#include "core/data/image_labels.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace bitloom {

namespace fs = std::filesystem;

namespace {
struct Item {
    std::string path; ///< relative to the dataset's folder, with '/'
    std::int64_t label = 0;
};

class ImageFolder : public Dataset {
public:
    ImageFolder(fs::path folder, std::string name, std::vector<Item> items,
                std::vector<std::string> classNames)
        : m_folder(std::move(folder)), m_name(std::move(name)), m_items(std::move(items)),
          m_classNames(std::move(classNames))
    {
    }

    std::string name() const override { return m_name; }
    std::int64_t size() const override { return static_cast<std::int64_t>(m_items.size()); }
    std::int64_t classCount() const override
    {
        return static_cast<std::int64_t>(m_classNames.size());
    }
    std::string className(std::int64_t label) const override
    {
        BITLOOM_REQUIRE(label >= 0 && label < classCount(), ErrorCode::InvalidArgument, m_name,
                        " has no class ", label);
        return m_classNames[static_cast<std::size_t>(label)];
    }
    std::int64_t label(std::int64_t index) const override { return item(index).label; }
    std::string itemId(std::int64_t index) const override { return item(index).path; }
    void read(std::int64_t index, ImageU8& image) const override
    {
        decodeImageFile(m_folder / item(index).path, image);
    }
    std::optional<ImageShape> commonShape() const override { return std::nullopt; }

private:
    const Item& item(std::int64_t index) const
    {
        requireIndex(index);
        return m_items[static_cast<std::size_t>(index)];
    }

    fs::path m_folder;
    std::string m_name;
    std::vector<Item> m_items;
    std::vector<std::string> m_classNames;
};

bool isImageName(const fs::path& path)
{
    std::string ending = path.extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

/// Folder of the split, relative to the dataset's; "" for the whole.
std::string splitFolder(const fs::path& folder, DatasetSplit split)
{
    const auto has = [&](const char* name) { return fs::is_directory(folder / name); };
    if (!has("train") && !has("val") && !has("test")) {
        return "";
    }
    if (split == DatasetSplit::Train) {
        BITLOOM_REQUIRE(has("train"), ErrorCode::BadDataset, folder.string(),
                        " has no training images: there is no train/ folder beside ",
                        has("val") ? "val/" : "test/");
        return "train";
    }
    BITLOOM_REQUIRE(has("val") || has("test"), ErrorCode::BadDataset, folder.string(),
                    " has no test images: there is no val/ folder beside train/");
    return has("val") ? "val" : "test";
}

/// Paths of the pictures below root, relative to folder. Follows links; depth and count are bounded
/// against loops.
std::vector<std::string> listImages(const fs::path& folder, const fs::path& root)
{
    constexpr int kMostLevels = 8;
    constexpr std::size_t kMostImages = 50'000'000;
    std::vector<std::string> paths;
    std::error_code failure;
    fs::recursive_directory_iterator it(root, fs::directory_options::follow_directory_symlink,
                                        failure);
    for (; !failure && it != fs::recursive_directory_iterator(); it.increment(failure)) {
        if (it.depth() >= kMostLevels) {
            it.disable_recursion_pending();
        }
        std::error_code unreadable;
        if (isImageName(it->path()) && !it->is_directory(unreadable)) {
            paths.push_back(it->path().lexically_relative(folder).generic_string());
            BITLOOM_REQUIRE(paths.size() <= kMostImages, ErrorCode::Unsupported, root.string(),
                            " holds more than ", kMostImages, " images");
        }
    }
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot list ", root.string(), ": ",
                    failure.message());
    return paths;
}

/// Names of the class folders of all splits together, sorted.
std::vector<std::string> classFolders(const fs::path& folder, bool hasSplits)
{
    std::set<std::string> names;
    for (const char* part : {"train", "val", "test"}) {
        const fs::path root = hasSplits ? folder / part : folder;
        if (!fs::is_directory(root)) {
            continue;
        }
        for (const auto& entry : fs::directory_iterator(root)) {
            if (entry.is_directory() && !entry.path().filename().string().starts_with('.')) {
                names.insert(entry.path().filename().string());
            }
        }
    }
    return {names.begin(), names.end()};
}

std::shared_ptr<const Dataset> open(const fs::path& folder, DatasetSplit split)
{
    const std::string part = splitFolder(folder, split);
    std::vector<std::string> paths = listImages(folder, folder / part);
    std::vector<std::string> classNames;
    std::vector<Item> items;
    const fs::path labelFile = folder / "labels.csv";
    if (fs::exists(labelFile)) {
        const ImageLabels labels = readImageLabels(labelFile);
        for (const auto& [path, label] : labels.byPath) {
            if (part.empty() || path.starts_with(part + "/")) {
                paths.push_back(path);
            }
            classNames.resize(std::max(classNames.size(), static_cast<std::size_t>(label) + 1));
        }
        for (const auto& [label, name] : labels.names) {
            classNames[static_cast<std::size_t>(label)] = name;
        }
        std::ranges::sort(paths);
        paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
        for (const std::string& path : paths) {
            const auto label = labels.labelOf(path);
            BITLOOM_REQUIRE(label.has_value(), ErrorCode::BadDataset, labelFile.string(),
                            " lists neither ", path, " nor another file of its class folder");
            items.push_back({path, *label});
        }
    } else {
        classNames = classFolders(folder, !part.empty());
        std::ranges::sort(paths);
        const auto levels = part.empty() ? 0 : 1;
        for (const std::string& path : paths) {
            const fs::path relative(path);
            const std::string name = std::next(relative.begin(), levels)->string();
            const auto found = std::ranges::lower_bound(classNames, name);
            BITLOOM_REQUIRE(found != classNames.end() && *found == name, ErrorCode::BadDataset,
                            (folder / path).string(),
                            " is in no class folder; expected CLASS/image.jpg below ",
                            (folder / part).string(), ", or a labels.csv");
            items.push_back({path, found - classNames.begin()});
        }
    }
    BITLOOM_REQUIRE(!items.empty(), ErrorCode::BadDataset, (folder / part).string(),
                    " holds no .jpg, .jpeg or .png files: ", describeDatasetFolder(folder / part));
    const std::string name = "images " + (part.empty() ? folder.filename().string() : part);
    return std::make_shared<ImageFolder>(folder, name, std::move(items), std::move(classNames));
}
} // namespace

std::shared_ptr<const Dataset> openImageFolder(const fs::path& folder, DatasetSplit split)
{
    requireDatasetFolder(folder);
    try {
        return open(folder, split);
    } catch (const fs::filesystem_error& error) {
        fail(ErrorCode::IoFailure, "cannot read the dataset folder ", folder.string(), ": ",
             error.code().message());
    }
}

} // namespace bitloom
