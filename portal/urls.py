"""All addresses."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from collections_app.desk_passwords import PasswordByLinkView
from portal import (
    arriving,
    brand,
    colleague,
    documents,
    done,
    metrics,
    password_reset,
    questions,
    set_up,
    staff_sessions,
    styleguide,
    verify,
    views,
    visiting,
)
from portal.api import api
from portal.flow import views as flow

borrower = (
    [
        path("c/<str:token>/", arriving.link, name="link"),
        path("c/<str:token>/ask/", arriving.ask, name="ask"),
        path("code/", arriving.code, name="code"),
        path("welcome/", arriving.welcome, name="welcome"),
        path("guide/<slug:lender_slug>/quickstart-categories/", views.category_guide, name="category_guide"),
        path("guide/<slug:lender_slug>/<slug:permission_type>/", views.guide, name="guide"),
        path("collection/", flow.where_it_stands, name="collection"),
        path("collection/done/", done.done, name="done"),
        path("collection/withdraw/", done.withdraw, name="withdraw"),
        path("collection/questions/", questions.questions, name="questions"),
        path("collection/documents/", documents.documents, name="documents"),
        path("collection/documents/<str:key>", documents.download, name="document"),
        path("collection/documents/<str:key>/replace/", documents.replace, name="document_replace"),
        path("collection/documents/<str:key>/remove/", documents.remove, name="document_remove"),
        path("collection/categories.csv", views.categories_file, name="categories_file"),
        path("collection/download/<str:name>", done.download, name="download"),
        path("collection/ask/", arriving.ask_from_inside, name="ask_from_inside"),
        path("collection/visit/", visiting.visit, name="visit"),
        path("collection/leave/", visiting.leave, name="leave"),
        path("collection/colleague/", colleague.page, name="colleague"),
        path("collection/colleague/withdraw/", colleague.withdraw, name="colleague_withdraw"),
        path("s/<str:token>/", set_up.link, name="set_up_link"),
        path("set-up/", set_up.page, name="set_up"),
        path("set-up/leave/", set_up.leave, name="set_up_leave"),
        path("collection/<slug:slug>/", flow.step, name="step"),
        path("brand/<slug:lender_slug>.css", brand.stylesheet, name="brand"),
        path("brand/<slug:lender_slug>/<str:name>", brand.logo, name="logo"),
        path("verify/", verify.verify, name="verify"),
        path("styleguide/", styleguide.page, name="styleguide"),
        path("healthz", views.health, name="health"),
        path("metrics", metrics.metrics, name="metrics"),
        path("readyz", views.readiness_report, name="readiness"),
        path("robots.txt", views.robots, name="robots"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(borrower)),
    path("admin/password-reset/", password_reset.AskView.as_view(), name="admin_password_reset"),
    path("admin/password-reset/asked/", password_reset.asked, name="password_reset_done"),
    path("admin/login/", staff_sessions.sign_in),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path(
        "reset/<uidb64>/<token>/",
        PasswordByLinkView.as_view(),
        name="password_reset_confirm",
    ),
    path("reset/done/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
