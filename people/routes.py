"""Pages of people: signing in and out, one's own profile, and what administrators manage."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.errors import Conflict, Invalid, NotAllowed
from core.i18n import N_
from core.limiter import address, limiter
from core.vietnamese import fold
from core.web import access, db, house, now
from people import queries, sessions
from people.audit import words_of
from people.forms import (
    ROLE_WORDS,
    LanguageForm,
    NewAccountForm,
    PasswordForm,
    RoleForm,
    SignInForm,
    UnitForm,
    choices,
    row_id,
    tell,
    unit_choices,
)
from people.names import name_key
from people.passwords import new_password
from people.permissions import Permission
from people.phones import Phone, mask, read_phone
from people.services import accounts as account_services
from people.services import roles as role_services
from people.services import units as unit_services
from people.sessions import actor, hasher, safe_next
from people.units_tree import KINDS, kinds_below

blueprint = Blueprint("people", __name__)

SIGN_IN_LIMIT = "5 per minute;30 per hour"

REFUSALS = {
    "last_administrator": N_(
        "Đây là người quản trị cuối cùng. Hãy giao vai trò này cho một người khác trước."
    ),
    "own_account": N_("Bạn không thể tự khóa tài khoản của mình."),
}


# ── signing in and out ──────────────────────────────────────────────────────────────────────────────


def _tried_name() -> str:
    """Return what tries for one account are counted under, however its phone is spelt; not readable."""
    name = request.form.get("name", "")[:200]
    phone = read_phone(name)
    plain = phone.e164 if isinstance(phone, Phone) else fold(name)
    return f"name:{house().box.blind_index('sign_in', plain)}"


def _failed(answer: Response) -> bool:
    """Tell whether a try counts: twenty people of one office may sign in at once, guessing may not go on."""
    return answer.status_code == 422


@blueprint.route("/dang-nhap", methods=["GET", "POST"])
@access.public
@limiter.limit(SIGN_IN_LIMIT, methods=["POST"], key_func=address, deduct_when=_failed)
@limiter.limit(SIGN_IN_LIMIT, methods=["POST"], key_func=_tried_name, deduct_when=_failed)
def sign_in() -> str | Response | tuple[str, int]:
    """Ask for a name and a password; go on to the page that was asked for."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = safe_next(request.args.get("next")) or ""
        if actor().signed_in:
            return redirect(form.next.data or url_for("app.start"), code=303)
        return render_template("people/sign_in.html", form=form)
    refused = not form.validate_on_submit()
    if not refused:
        try:
            return _signed_in(form)
        except NotAllowed:
            form.form_errors.append(gettext("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy thử lại."))
    return render_template("people/sign_in.html", form=form), 422


def _signed_in(form: SignInForm) -> Response:
    account = sessions.check_sign_in(
        db(), str(form.name.data), str(form.password.data), now(), house().box, hasher()
    )
    sessions.sign_in(account)
    answer = redirect(safe_next(form.next.data) or url_for("app.start"), code=303)
    if not sessions.device_has_language():
        sessions.remember_language(answer, account.language)
    return answer


@blueprint.post("/dang-xuat")
@access.public
def sign_out() -> Response:
    """Sign this device out."""
    sessions.sign_out()
    flash(gettext("Bạn đã đăng xuất."), "success")
    return redirect(url_for("app.home"), code=303)


# ── my profile ──────────────────────────────────────────────────────────────────────────────────────


@blueprint.route("/toi", methods=["GET", "POST"])
@access.signed_in
def profile() -> str | Response | tuple[str, int]:
    """Show what is kept about me; remember the language I choose."""
    form = LanguageForm()
    if request.method == "GET":
        return _profile_page(form, PasswordForm(formdata=None))
    try:
        account = account_services.set_language(db(), actor(), str(form.language.data))
    except Invalid as error:
        tell(form, error.fields)
        return _profile_page(form, PasswordForm(formdata=None)), 422
    return sessions.remember_language(redirect(url_for("people.profile"), code=303), account.language)


def _own_account() -> str:
    """Return what tries of the old password are counted under."""
    return f"password:{actor().account_id}"


@blueprint.post("/toi/mat-khau")
@access.signed_in
@limiter.limit(SIGN_IN_LIMIT, key_func=_own_account, deduct_when=_failed)
def change_password() -> Response | tuple[str, int]:
    """Change my password; my other devices are signed out, this one stays."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            account = account_services.change_password(db(), actor(), form.wish(), now(), hasher())
        except Invalid as error:
            tell(form, error.fields)
        else:
            sessions.sign_in(account)
            flash(gettext("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."), "success")
            return redirect(url_for("people.profile"), code=303)
    return _profile_page(LanguageForm(formdata=None), form), 422


def _profile_page(language_form: LanguageForm, password_form: PasswordForm) -> str:
    account_id = actor().account_id
    if account_id is None:
        abort(404)
    mine = queries.account_details(db(), account_id)
    account = queries.account_by_id(db(), account_id)
    if not language_form.is_submitted() and account is not None:
        language_form.language.data = account.language
    unit_id = account.person.unit_id if account is not None else None
    return render_template(
        "people/profile.html",
        mine=mine,
        phone=mask(mine.phone_tail) if mine.phone_tail else None,
        path=[unit.name for unit in queries.unit_path(db(), unit_id)] if unit_id else [],
        role_words=ROLE_WORDS,
        language_form=language_form,
        password_form=password_form,
    )


# ── accounts and roles ──────────────────────────────────────────────────────────────────────────────


@blueprint.get("/quan-tri/tai-khoan")
@access.needs(Permission.ACCOUNT_MANAGE)
def accounts() -> str:
    """List the accounts with their roles."""
    search = request.args.get("q", "")[:100].strip()
    page = queries.accounts_page(db(), request.args.get("sau"), name_key(search) if search else "")
    return render_template(
        "people/accounts.html", page=page, search_text=search, role_words=ROLE_WORDS, mask=mask
    )


@blueprint.route("/quan-tri/tai-khoan/moi", methods=["GET", "POST"])
@access.needs(Permission.ACCOUNT_MANAGE)
def new_account() -> str | tuple[str, int]:
    """Open an account for a new person; the first password is shown once, on the page that answers."""
    form = NewAccountForm()
    form.unit_id.choices = unit_choices(queries.unit_options(db()))
    if request.method == "GET":
        form.unit_id.data = row_id(request.args.get("don-vi"))
    elif form.validate_on_submit():
        password = new_password()
        try:
            account = account_services.open_account(
                db(), actor(), form.wish(password), now(), house().box, hasher()
            )
        except Invalid as error:
            tell(form, error.fields)
        else:
            return _first_password(account.id, password)
    status = 200 if request.method == "GET" else 422
    return render_template("people/new_account.html", form=form), status


def _first_password(account_id: int, password: str) -> str:
    line = queries.account_details(db(), account_id)
    return render_template("people/first_password.html", line=line, password=password, mask=mask)


@blueprint.get("/quan-tri/tai-khoan/<int:account_id>")
@access.needs(Permission.ACCOUNT_MANAGE)
def account(account_id: int) -> str:
    """Show an account: its roles, and what can be done with it."""
    return _account_page(account_id, RoleForm(formdata=None))


def _account_page(account_id: int, form: RoleForm) -> str:
    line = queries.account_details(db(), account_id)
    form.unit_id.choices = unit_choices(queries.unit_options(db()))
    return render_template("people/account.html", line=line, form=form, role_words=ROLE_WORDS, mask=mask)


@blueprint.post("/quan-tri/tai-khoan/<int:account_id>/vai-tro")
@access.needs(Permission.ACCOUNT_MANAGE)
def grant(account_id: int) -> Response | tuple[str, int]:
    """Give an account a role."""
    form = RoleForm()
    if form.validate_on_submit():
        try:
            role_services.grant_role(db(), actor(), form.wish(account_id), now())
        except Invalid as error:
            tell(form, error.fields)
        else:
            flash(gettext("Đã giao vai trò."), "success")
            return redirect(url_for("people.account", account_id=account_id), code=303)
    return _account_page(account_id, form), 422


@blueprint.post("/quan-tri/tai-khoan/<int:account_id>/thu-hoi")
@access.needs(Permission.ACCOUNT_MANAGE)
def revoke(account_id: int) -> Response | tuple[str, int]:
    """Take a role back from an account."""
    grant_id = row_id(request.form.get("grant_id")) or 0
    try:
        role_services.revoke_role(db(), actor(), account_id, grant_id, now())
    except Conflict as error:
        return _refused(account_id, error)
    flash(gettext("Đã thu hồi vai trò."), "success")
    return redirect(url_for("people.account", account_id=account_id), code=303)


@blueprint.post("/quan-tri/tai-khoan/<int:account_id>/mat-khau")
@access.needs(Permission.ACCOUNT_MANAGE)
def reset_password(account_id: int) -> str:
    """Give somebody who forgot a new first password; it is shown once."""
    password = new_password()
    account_services.reset_password(db(), actor(), account_id, password, now(), hasher())
    return _first_password(account_id, password)


@blueprint.post("/quan-tri/tai-khoan/<int:account_id>/khoa")
@access.needs(Permission.ACCOUNT_MANAGE)
def lock(account_id: int) -> Response | tuple[str, int]:
    """Lock an account, or open it again."""
    active = request.form.get("active") == "1"
    try:
        account_services.set_active(db(), actor(), account_id, active, now())
    except Conflict as error:
        return _refused(account_id, error)
    flash(gettext("Đã mở khóa tài khoản.") if active else gettext("Đã khóa tài khoản."), "success")
    return redirect(url_for("people.account", account_id=account_id), code=303)


def _refused(account_id: int, error: Conflict) -> tuple[str, int]:
    flash(gettext(REFUSALS[error.code]), "error")
    return _account_page(account_id, RoleForm(formdata=None)), error.status


# ── units and the audit log ─────────────────────────────────────────────────────────────────────────


@blueprint.get("/quan-tri/don-vi")
@access.needs(Permission.UNIT_MANAGE)
def units() -> str:
    """Show the uppermost unit and what stands right below it."""
    root = queries.root_unit(db())
    if root is None:
        return render_template("people/units.html", path=[], lines=[], form=None)
    return _unit_page(root.id, UnitForm(formdata=None))


@blueprint.get("/quan-tri/don-vi/<int:unit_id>")
@access.needs(Permission.UNIT_MANAGE)
def unit(unit_id: int) -> str:
    """Show a unit and what stands right below it."""
    return _unit_page(unit_id, UnitForm(formdata=None))


@blueprint.post("/quan-tri/don-vi/<int:unit_id>")
@access.needs(Permission.UNIT_MANAGE)
def add_unit(unit_id: int) -> Response | tuple[str, int]:
    """Add a unit below this one."""
    form = UnitForm()
    if form.validate_on_submit():
        try:
            unit_services.create_unit(db(), actor(), form.wish(unit_id), now())
        except Invalid as error:
            tell(form, error.fields)
        else:
            flash(gettext("Đã thêm %(name)s.", name=form.name.data), "success")
            return redirect(url_for("people.unit", unit_id=unit_id), code=303)
    return _unit_page(unit_id, form), 422


def _unit_page(unit_id: int, form: UnitForm) -> str:
    path = queries.unit_path(db(), unit_id)
    if not path:
        abort(404)
    kinds = kinds_below(path[-1].kind)
    form.kind.choices = choices((kind, gettext(KINDS[kind])) for kind in kinds)
    wards = ((ward.code, ward.full_name) for ward in queries.ward_options(db()))
    form.ward_code.choices = choices(wards, gettext("Theo đơn vị trên"))
    return render_template(
        "people/units.html",
        path=path,
        lines=queries.unit_lines(db(), unit_id),
        form=form if kinds and path[-1].closed_at is None else None,
        kinds=KINDS,
    )


@blueprint.get("/quan-tri/nhat-ky")
@access.needs(Permission.AUDIT_READ)
def audit_log() -> str:
    """Show what staff did, the newest first."""
    page = queries.audit_page(db(), request.args.get("sau"))
    return render_template("people/audit_log.html", page=page, words_of=words_of)
