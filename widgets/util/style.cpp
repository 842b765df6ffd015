// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/style.h"

#include "widgets/util/style_parts.h"
#include "widgets/util/theme.h"

#include <QComboBox>
#include <QPainter>
#include <QPushButton>
#include <QStyleFactory>
#include <QStyleOption>

namespace bitloom::ui {

namespace {
constexpr int kHeaderSpace = 4; ///< above and below the titles of a table
constexpr int kShortestHandle = 28;
constexpr int kTabIconGap = 4;     ///< between the icon of a tab and its text
constexpr int kTabIconPadding = 6; ///< how much less an icon alone needs than a text

template <typename Option>
const Option* as(const QStyleOption* option)
{
    return qstyleoption_cast<const Option*>(option);
}

bool showsIconOnly(const QStyleOption* option, const QWidget* widget)
{
    const auto* tab = as<QStyleOptionTab>(option);
    return tab != nullptr && widget != nullptr && !tab->icon.isNull() &&
           !tab->state.testFlag(QStyle::State_Selected) && widget->property(kShortTabs).toBool();
}
} // namespace

Style::Style() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion")))
{
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_HeaderMargin:
        return 6; // as the cells below
    case PM_FocusFrameHMargin:
        return 5; // a cell's text begins one pixel after it
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollBarSliderMin:
        return kShortestHandle;
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent:
        return 5;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return 16;
    case PM_SliderLength:
    case PM_SliderThickness:
    case PM_SliderControlThickness:
        return 18;
    case PM_ToolBarItemSpacing:
        return 4;
    case PM_TabBarTabHSpace:
        return widget != nullptr && widget->property(kCloseTabs).toBool() ? 12 : 20;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabShiftVertical:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                     QStyleHintReturn* returned) const
{
    switch (hint) {
    case SH_ScrollBar_LeftClickAbsolutePosition:
        return 0;
    case SH_ComboBox_Popup: // a list below the box, which hides neither the box nor what it names
        return 0;
    case SH_DialogButtonBox_ButtonsHaveIcons: // they would be the system's, of another drawing
        return 0;
    case SH_Slider_AbsoluteSetButtons: // a click goes there
        return Qt::LeftButton;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returned);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                              const QWidget* widget) const
{
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    if (type == CT_HeaderSection) {
        const int margin = pixelMetric(PM_HeaderMargin, option, widget);
        size.rheight() -= 2 * (margin - kHeaderSpace);
    }
    if (type == CT_TabBarTab && showsIconOnly(option, widget)) {
        const auto* tab = as<QStyleOptionTab>(option);
        size.rwidth() -= tab->fontMetrics.size(Qt::TextShowMnemonic, tab->text).width() +
                         kTabIconGap + kTabIconPadding;
    }
    return size;
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
                            SubControl part, const QWidget* widget) const
{
    const auto* bar = as<QStyleOptionSlider>(option);
    if (control != CC_ScrollBar || bar == nullptr) {
        return QProxyStyle::subControlRect(control, option, part, widget);
    }
    const QRect handle = scrollHandle(*bar, pixelMetric(PM_ScrollBarSliderMin, option, widget));
    const bool across = bar->orientation == Qt::Horizontal;
    QRect rect = bar->rect;
    switch (part) {
    case SC_ScrollBarGroove:
        break;
    case SC_ScrollBarSlider:
        rect = handle;
        break;
    case SC_ScrollBarSubPage:
        across ? rect.setRight(handle.left() - 1) : rect.setBottom(handle.top() - 1);
        break;
    case SC_ScrollBarAddPage:
        across ? rect.setLeft(handle.right() + 1) : rect.setTop(handle.bottom() + 1);
        break;
    default:
        return {};
    }
    return visualRect(bar->direction, bar->rect, rect);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const
{
    switch (element) {
    case PE_IndicatorCheckBox:
        return paintCheckBox(*painter, *option);
    case PE_IndicatorRadioButton:
        return paintRadioButton(*painter, *option);
    case PE_FrameLineEdit:
        return paintFieldFrame(*painter, *option);
    case PE_PanelButtonCommand: {
        const auto* button = as<QStyleOptionButton>(option);
        return paintButton(*painter, *option,
                           button != nullptr &&
                               button->features.testFlag(QStyleOptionButton::DefaultButton));
    }
    case PE_PanelButtonTool:
        return option->state.testFlag(State_AutoRaise) ? paintToolButton(*painter, *option)
                                                       : paintButton(*painter, *option, false);
    case PE_FrameFocusRect:
        if (qobject_cast<const QPushButton*>(widget) != nullptr) {
            return; // its border is the ring
        }
        return paintFocusRing(*painter, *option);
    case PE_FrameMenu: {
        QColor edge = option->palette.color(QPalette::WindowText);
        edge.setAlphaF(0.3F); // what lies below may be of the same colour
        painter->setPen(edge);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    }
    case PE_FrameTabBarBase:
        return paintBottomLine(*painter, *option);
    case PE_IndicatorToolBarSeparator: {
        const QRect& rect = option->rect;
        painter->fillRect(QRect(rect.center().x(), rect.top() + 6, 1, rect.height() - 12),
                          Theme(option->palette).grid());
        return;
    }
    case PE_IndicatorDockWidgetResizeHandle:
        return drawControl(CE_Splitter, option, painter, widget);
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const
{
    switch (element) {
    case CE_HeaderSection:
        if (const auto* header = as<QStyleOptionHeader>(option)) {
            return paintHeaderSection(*painter, *header);
        }
        break;
    case CE_HeaderLabel:
        if (const auto* header = as<QStyleOptionHeader>(option)) {
            // The margin is meant for left and right; lines of text are centred in what there is.
            QStyleOptionHeader label = *header;
            const int margin = pixelMetric(PM_HeaderMargin, option, widget) - 1;
            label.rect.adjust(0, -margin, 0, margin);
            return QProxyStyle::drawControl(element, &label, painter, widget);
        }
        break;
    case CE_HeaderEmptyArea: {
        painter->fillRect(option->rect, option->palette.color(QPalette::Window));
        return paintBottomLine(*painter, *option);
    }
    case CE_TabBarTabShape:
        if (const auto* tab = as<QStyleOptionTab>(option)) {
            return paintTab(*painter, *tab);
        }
        break;
    case CE_TabBarTabLabel:
        if (showsIconOnly(option, widget)) {
            const auto* tab = as<QStyleOptionTab>(option);
            const auto mode = tab->state.testFlag(State_Enabled) ? QIcon::Normal : QIcon::Disabled;
            const QSize size = tab->iconSize.isValid()
                                   ? tab->iconSize
                                   : QSize(1, 1) * pixelMetric(PM_TabBarIconSize, option, widget);
            QRect place(QPoint(), size);
            place.moveCenter(tab->rect.center());
            return tab->icon.paint(painter, place, Qt::AlignCenter, mode);
        }
        break;
    case CE_ToolBar:
        painter->fillRect(option->rect, option->palette.color(QPalette::Window));
        return paintBottomLine(*painter, *option);
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, option->palette.color(QPalette::Window));
        return;
    case CE_Splitter: {
        const Theme theme(option->palette);
        const QRect& rect = option->rect;
        const bool upright = rect.height() > rect.width();
        const bool touched = option->state.testFlag(State_MouseOver);
        painter->fillRect(upright ? QRect(rect.center().x(), rect.top(), 1, rect.height())
                                  : QRect(rect.left(), rect.center().y(), rect.width(), 1),
                          touched ? theme.accent() : theme.grid());
        return;
    }
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                               QPainter* painter, const QWidget* widget) const
{
    switch (control) {
    case CC_ComboBox:
        if (const auto* box = as<QStyleOptionComboBox>(option)) {
            return paintComboBox(*painter, *box, *this, widget);
        }
        break;
    case CC_SpinBox:
        if (const auto* box = as<QStyleOptionSpinBox>(option)) {
            return paintSpinBox(*painter, *box, *this, widget);
        }
        break;
    case CC_Slider:
        if (const auto* slider = as<QStyleOptionSlider>(option);
            slider != nullptr && slider->tickPosition == QSlider::NoTicks) {
            return paintSlider(*painter, *slider,
                               subControlRect(CC_Slider, option, SC_SliderHandle, widget));
        }
        break;
    case CC_ScrollBar:
        if (const auto* bar = as<QStyleOptionSlider>(option)) {
            return paintScrollBar(*painter, *bar,
                                  subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget));
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

} // namespace bitloom::ui
