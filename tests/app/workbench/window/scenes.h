// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>

#include <functional>
#include <vector>

namespace bitloom::test {

class TestWindow;

/// One of the fixed set of pictures. Each begins where the one before it ended.
struct Scene {
    QString name;
    /// Brings the window there by its own actions and panels; false if it did not get there.
    std::function<bool(TestWindow&)> show;
    /// Shows times, rates or hashes, and so is another picture each time.
    bool changes = false;
    bool isForDocs = true; ///< one of docs/images, which stays a small folder
};

/// The set, for a window with nothing open. spec: the project or model that it opens.
std::vector<Scene> scenes(const QString& spec);

/// The window as it is painted now, at its own scale.
QImage pictureOf(TestWindow& shown);

/// 256 colours at most, so that the PNG stays small: interfaces have few.
QImage withPalette(const QImage& image);

} // namespace bitloom::test
