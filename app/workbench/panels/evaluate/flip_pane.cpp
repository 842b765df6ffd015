// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/flip_pane.h"

#include "app/workbench/panels/evaluate/flip_delegate.h"
#include "widgets/util/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QListView>
#include <QPainter>
#include <QScrollBar>
#include <QStyleOptionViewItem>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kPictureColumns = 8;
constexpr int kMaxPictures = 96; // of an exported picture

std::optional<FlipKind> kindAt(int position)
{
    switch (position) {
    case 1:
        return FlipKind::ToWrong;
    case 2:
        return FlipKind::ToRight;
    case 3:
        return FlipKind::ToOtherWrong;
    default:
        return std::nullopt;
    }
}
} // namespace

FlipPane::FlipPane(JobCenter& center, QWidget* parent)
    : QWidget(parent), m_center(center), m_model(new FlipModel(this)), m_kind(new QComboBox),
      m_view(new QListView), m_dataset(std::make_unique<QObject>())
{
    m_kind->addItems({QString(), QString(), QString(), QString()});
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_kind->setAccessibleName(tr("Kind of change"));
    m_kind->setToolTip(tr("Show only images that changed in this way."));
    m_view->setAccessibleName(tr("Images with another answer"));
    m_view->setAccessibleDescription(
        tr("Each image with what it shows and what is answered with and without the plan."));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new FlipDelegate(m_view));
    m_view->setViewMode(QListView::IconMode);
    m_view->setResizeMode(QListView::Adjust);
    m_view->setMovement(QListView::Static);
    m_view->setUniformItemSizes(true);
    m_view->setSpacing(4);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->viewport()->installEventFilter(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_kind, 0, Qt::AlignLeft);
    layout->addWidget(m_view, 1);
    connect(m_kind, &QComboBox::currentIndexChanged, this,
            [this](int position) { m_model->setKind(kindAt(position)); });
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &FlipPane::loadVisible);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        // The view places its items when the event loop comes back.
        QMetaObject::invokeMethod(this, &FlipPane::loadVisible, Qt::QueuedConnection);
    });
    updateKinds();
}

FlipPane::~FlipPane() = default;

void FlipPane::setChanges(std::shared_ptr<const PredictionChanges> changes,
                          const std::vector<std::string>& classNames, const engine::DataRef& source)
{
    if (source.spec != m_data.spec || source.split != m_data.split) {
        m_dataset = std::make_unique<QObject>();
        m_loading = false;
    }
    m_data = source;
    m_model->setChanges(std::move(changes), classNames,
                        QString::fromStdString(source.spec + '|' + source.split));
    updateKinds();
}

void FlipPane::updateKinds()
{
    const auto text = [this](int position, const QString& words) {
        m_kind->setItemText(
            position, QStringLiteral("%1 (%2)").arg(words).arg(m_model->count(kindAt(position))));
    };
    text(0, tr("All changed answers"));
    text(1, tr("Now wrong"));
    text(2, tr("Now right"));
    text(3, tr("Wrong in another way"));
}

bool FlipPane::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view->viewport() &&
        (event->type() == QEvent::Resize || event->type() == QEvent::Show)) {
        QMetaObject::invokeMethod(this, &FlipPane::loadVisible, Qt::QueuedConnection);
    }
    return QWidget::eventFilter(watched, event);
}

void FlipPane::loadVisible()
{
    if (m_loading || !m_view->isVisible() || m_model->rowCount() == 0) {
        return;
    }
    const QRect viewport = m_view->viewport()->rect();
    const QRect first = m_view->visualRect(m_model->index(0));
    if (first.isEmpty()) {
        return;
    }
    // All items have one size and lie in rows: those in sight follow from the first one's place.
    const int columns = std::max(1, viewport.width() / (first.width() + m_view->spacing()));
    const int rowHeight = first.height() + m_view->spacing();
    const int scrolled = m_view->verticalScrollBar()->value();
    const int firstRow = scrolled / rowHeight * columns;
    const int lastRow = (scrolled + viewport.height()) / rowHeight * columns + columns - 1;
    std::vector<std::int64_t> missing = m_model->takeMissing(firstRow, lastRow);
    if (missing.empty()) {
        return;
    }
    m_loading = true;
    engine::ThumbnailJob job;
    job.data = m_data;
    job.size = FlipModel::kThumbnailSize;
    job.indices = std::move(missing);
    std::sort(job.indices.begin(), job.indices.end());
    JobOrder order;
    order.spec = std::move(job);
    order.title = tr("Pictures");
    const auto done = [this] {
        m_loading = false;
        loadVisible(); // the user may have scrolled on
    };
    order.onFinished = [this, done](const JobResult& result) {
        if (const auto* loaded =
                std::get_if<std::shared_ptr<const std::vector<Thumbnail>>>(&result)) {
            m_model->addThumbnails(**loaded);
        }
        done();
        return QString();
    };
    // A picture that cannot be had leaves its place empty; the answers below it are what counts.
    order.onFailed = [done](const QString&, const QString&) { done(); };
    order.onCancelled = [done](const JobResult&) { done(); };
    m_center.start(std::move(order), m_dataset.get());
}

std::optional<ui::Picture> FlipPane::picture() const
{
    if (m_model->rowCount() == 0) {
        return std::nullopt;
    }
    QStyleOptionViewItem option;
    option.initFrom(m_view);
    const QSize cell = m_view->itemDelegate()->sizeHint(option, m_model->index(0));
    const int shown = std::min(m_model->rowCount(), kMaxPictures);
    const int columns = std::min(kPictureColumns, shown);
    const QSize natural(columns * cell.width(), (shown + columns - 1) / columns * cell.height());
    ui::Picture picture;
    picture.name = QStringLiteral("changed-images");
    picture.size = natural;
    picture.paint = [this, natural, cell, shown, columns](QPainter& painter, QSize size) {
        painter.save();
        painter.fillRect(QRect(QPoint(0, 0), size), m_view->palette().color(QPalette::Base));
        const double scale = std::min(double(size.width()) / natural.width(),
                                      double(size.height()) / natural.height());
        painter.scale(scale, scale);
        for (int row = 0; row < shown; ++row) {
            QStyleOptionViewItem item;
            item.initFrom(m_view);
            item.state = QStyle::State_Enabled;
            item.rect =
                QRect(QPoint(row % columns * cell.width(), row / columns * cell.height()), cell);
            m_view->itemDelegate()->paint(&painter, item, m_model->index(row));
        }
        painter.restore();
    };
    picture.csv = [this] {
        QString text = QStringLiteral("image,label,change\n");
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const QModelIndex index = m_model->index(row);
            text += QStringLiteral("%1,%2,%3\n")
                        .arg(index.data(FlipModel::ImageRole).toLongLong())
                        .arg(ui::csvField(index.data(FlipModel::LabelRole).toString()),
                             ui::csvField(index.data().toString()));
        }
        return text;
    };
    return picture;
}

} // namespace bitloom::workbench
