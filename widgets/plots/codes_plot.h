// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/packed_detail.h"
#include "widgets/plots/plot.h"

#include <memory>

namespace bitloom::ui {

/// How often each code of a packed tensor occurs: a bar per code, also for those that do not occur;
/// of more codes than fit, a bar stands for equally many neighbours.
class CodesPlot final : public Plot {
    Q_OBJECT
public:
    explicit CodesPlot(QWidget* parent = nullptr);

    void setDetail(std::shared_ptr<const PackedDetail> detail); ///< null: nothing yet
    void setCountLog(bool isLog);

    int codesPerBar() const { return m_codesPerBar; }
    QString csv() const override; ///< every code

private:
    using Plot::setScene;
    void rebuild();
    QString captionText() const;
    QString tooltipOf(int bar) const;

    std::shared_ptr<const PackedDetail> m_detail;
    bool m_isCountLog = false;
    int m_codesPerBar = 1;
};

} // namespace bitloom::ui
