"""All addresses."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from portal import brand, views
from portal.flow import views as flow

borrower = (
    [
        path("c/<str:token>/", views.link, name="link"),
        path("guide/<slug:lender_slug>/quickstart-categories/", views.category_guide, name="category_guide"),
        path("guide/<slug:lender_slug>/<slug:permission_type>/", views.guide, name="guide"),
        path("collection/", flow.where_it_stands, name="collection"),
        path("collection/done/", views.done, name="done"),
        path("collection/download/<str:name>", views.download, name="download"),
        path("collection/leave/", views.leave, name="leave"),
        path("collection/<slug:slug>/", flow.step, name="step"),
        path("brand/<slug:lender_slug>.css", brand.stylesheet, name="brand"),
        path("healthz", views.health, name="health"),
        path("readyz", views.readiness_report, name="readiness"),
        path("robots.txt", views.robots, name="robots"),
    ],
    "portal",
)

urlpatterns = [
    path("", include(borrower)),
    path("admin/", admin.site.urls),
    path(
        "reset/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("reset/done/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.forbidden"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
