"""Form and JSON editor over the same text: what one shows the other keeps, value for value."""

# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false, reportMissingImports=false
import json

from textual.app import App
from textual.widgets import Input, TextArea

from tui.api.arguments import Argument, kind_of
from tui.widgets.inputs_form import InputsForm

TYPES = {
    "text": "System.String",
    "whole": "System.Int64",
    "price": "System.Decimal",
    "yes": "System.Boolean",
    "when": "System.DateTime",
    "list": "System.Int32[]",
    "any": "System.Object",
    "odd": "Contoso.Invoice",
}
ARGUMENTS = tuple(Argument(name, of, kind_of(of)) for name, of in TYPES.items())
GIVEN = (
    '{"text":"a\\nb","whole":-9223372036854775808,"price":1.10,"yes":false,"when":"2026-03-04T09:28:12Z",'
    '"list":[1,2],"any":"123","odd":null}'
)


class Alone(App[None]):
    """The form by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self):
        yield InputsForm(ARGUMENTS, self.text)


def fields(app: App) -> dict[str, Input]:
    return dict(zip(TYPES, app.query("InputRow Input").results(Input), strict=True))


async def test_editing_one_field_leaves_every_other_value_as_it_was():
    app = Alone(GIVEN)
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.query_one(InputsForm)
        assert fields(app)["any"].value == '"123"', "a text that reads as a number is shown in quotes"
        for name, typed, value in [
            ("yes", "true", "true"),
            ("price", "2.50", "2.50"),
            ("whole", "9223372036854775807", "9223372036854775807"),
            ("list", "[3, 4]", "[3,4]"),
        ]:
            fields(app)[name].value = typed
            await pilot.pause()
            assert form.flush() == ()
            assert f'"{name}":{value}' in form.reading[0]
        said = json.loads(form.reading[0])
        assert (said["text"], said["any"], said["when"]) == ("a\nb", "123", "2026-03-04T09:28:12Z")
        assert said["odd"] is None, "null is not missing"
        fields(app)["any"].value = ""
        await pilot.pause()
        form.flush()
        assert "any" not in json.loads(form.reading[0])


async def test_the_editor_and_the_form_show_the_same():
    app = Alone(GIVEN)
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.query_one(InputsForm)
        form.switch()
        await pilot.pause()
        editor = app.query_one(TextArea)
        assert '"price": 1.10' in editor.text
        editor.text = editor.text.replace("1.10", "79228162514264337593543950335").replace("[\n", "[\n\n")
        await pilot.pause()
        assert form.flush() == ()
        form.switch()
        await pilot.pause()
        assert fields(app)["price"].value == "79228162514264337593543950335"
        assert form.reading[0] == GIVEN.replace("1.10", "79228162514264337593543950335")


async def test_errors_stand_at_their_field():
    app = Alone("")
    async with app.run_test(size=(100, 30)) as pilot:
        form = app.query_one(InputsForm)
        for name, typed, word in [
            ("whole", "9223372036854775808", "must be from"),
            ("when", "tomorrow", "must be a date"),
            ("list", "[1,", "no complete JSON"),
            ("price", "1e30", "too large"),
        ]:
            fields(app)[name].value = typed
            await pilot.pause()
            assert any(word in problem and problem.startswith(name) for problem in form.flush())
            fields(app)[name].value = ""
            await pilot.pause()
            assert form.flush() == ()
