// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/panel.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include <array>

using namespace bitloom;

namespace {
class Counter final : public ui::Panel {
public:
    Counter()
        : Panel(QStringLiteral("counter"), QStringLiteral("Counter"), nullptr),
          m_label(new QLabel(this))
    {
        setContent(m_label);
        m_export = addTitleAction(QStringLiteral("Export"), QStringLiteral("Writes the picture."));
    }
    void setValue(int value)
    {
        m_value = value;
        markDirty();
    }
    void clear(QAction* action) { showEmpty(QStringLiteral("Open a model."), action); }
    void back() { showContent(); }
    QString shown() const { return m_label->text(); }
    QAction* exportAction() const { return m_export; }

protected:
    void refresh() override { m_label->setText(QString::number(m_value)); }

private:
    QLabel* m_label;
    QAction* m_export = nullptr;
    int m_value = 0;
};
} // namespace

class TestPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasIdTitleAndNames()
    {
        const Counter panel;
        QCOMPARE(panel.id(), QStringLiteral("counter"));
        QCOMPARE(panel.objectName(), panel.id());
        QCOMPARE(panel.title(), QStringLiteral("Counter"));
        QCOMPARE(panel.accessibleName(), panel.title());
        QVERIFY(panel.pictures().isEmpty());
    }

    void hiddenPanelRefreshesWhenFlushedOrShown()
    {
        Counter panel;
        panel.setValue(3);
        QCoreApplication::processEvents();
        QCOMPARE(panel.shown(), QString());
        panel.flushRefresh();
        QCOMPARE(panel.shown(), QStringLiteral("3"));
        panel.setValue(4);
        panel.show();
        QTRY_COMPARE(panel.shown(), QStringLiteral("4"));
    }

    void titleActionsAreButtonsWithNames()
    {
        Counter panel;
        auto* button = panel.titleLine()->findChild<QToolButton*>();
        QVERIFY(button != nullptr);
        QCOMPARE(button->accessibleName(), QStringLiteral("Export"));
        QCOMPARE(button->accessibleDescription(), QStringLiteral("Writes the picture."));
        QVERIFY(button->focusPolicy() & Qt::TabFocus);
        QSignalSpy triggered(panel.exportAction(), &QAction::triggered);
        button->click();
        QCOMPARE(triggered.count(), 1);
        panel.exportAction()->setEnabled(false);
        panel.exportAction()->setToolTip(QStringLiteral("Nothing to export yet."));
        QVERIFY(!button->isEnabled());
        QCOMPARE(button->accessibleDescription(), QStringLiteral("Nothing to export yet."));
    }

    void controlsStandBelowATitleLineThatIsTooShort()
    {
        class Wide final : public ui::Panel {
        public:
            Wide() : Panel(QStringLiteral("wide"), QStringLiteral("A wide panel"), nullptr)
            {
                setContent(new QLabel(this));
                for (QPushButton*& control : controls) {
                    control = new QPushButton;
                    control->setFixedSize(150, 24);
                    addTitleWidget(control);
                }
            }
            std::array<QPushButton*, 3> controls{};

        protected:
            void refresh() override {}
        };
        Wide panel;
        const auto place = [&panel](std::size_t control) {
            return panel.controls[control]->mapTo(&panel, QPoint());
        };
        panel.resize(700, 300);
        panel.show();
        QCoreApplication::processEvents();
        QVERIFY(place(0).y() < panel.titleLine()->geometry().bottom());
        panel.resize(500, 300); // a line of their own
        QCoreApplication::processEvents();
        QVERIFY(place(0).y() >= panel.titleLine()->geometry().bottom());
        QCOMPARE(place(2).y(), place(0).y());
        QVERIFY(panel.controls[2]->isVisible());
        panel.resize(340, 300); // two
        QCoreApplication::processEvents();
        QCOMPARE(place(1).y(), place(0).y());
        QVERIFY(place(2).y() >= place(0).y() + 24);
        QVERIFY(panel.minimumSizeHint().height() > place(2).y() + 24); // nothing is squeezed
        QVERIFY(place(1).x() + 150 <= 340);
        panel.resize(700, 300);
        QCoreApplication::processEvents();
        QVERIFY(place(0).y() < panel.titleLine()->geometry().bottom());
    }

    void emptyPageSaysWhatToDo()
    {
        Counter panel;
        QVERIFY(panel.emptySentence().isEmpty());
        QAction open(QStringLiteral("Open model..."));
        panel.clear(&open);
        QCOMPARE(panel.emptySentence(), QStringLiteral("Open a model."));
        auto* button = panel.findChild<QPushButton*>();
        QVERIFY(!button->isHidden());
        QCOMPARE(button->text(), open.text());
        QSignalSpy triggered(&open, &QAction::triggered);
        button->click();
        QCOMPARE(triggered.count(), 1);
        open.setEnabled(false);
        QVERIFY(!button->isEnabled());
        panel.back();
        QVERIFY(panel.emptySentence().isEmpty());
        panel.clear(nullptr);
        QVERIFY(button->isHidden());
    }

    void emptyPageLosesItsButtonWithTheAction()
    {
        Counter panel;
        auto open = std::make_unique<QAction>(QStringLiteral("Open model..."));
        panel.clear(open.get());
        open.reset();
        QVERIFY(panel.findChild<QPushButton*>()->isHidden());
        QCOMPARE(panel.emptySentence(), QStringLiteral("Open a model."));
    }
};

QTEST_MAIN(TestPanel)
#include "tst_panel.moc"
