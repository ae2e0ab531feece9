using System.CommandLine;
using ClosedLoop.Cli.Judging;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Cli.Targets;
using ClosedLoop.Cli.Writing;
using ClosedLoop.Facts;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop record</c> and <c>closedloop waive</c>: a named person's word, shown as such for ever.</summary>
internal static class ByHandCommands
{
    private const int MaxReason = 4_000;

    public static Command Record(CommandKit kit)
    {
        var evidence = new Option<Uri?>("--evidence")
        {
            Description = "Where others can see that it is so: an http(s) address.",
            HelpName = "URL",
            CustomParser = static result =>
            {
                string text = result.Tokens is [var token] ? token.Value : "";
                if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)) return uri;
                result.AddError("--evidence must be an absolute http or https address, such as https://ci.example/build/311.");
                return null;
            },
        };
        return Create(kit, "record", "Records by hand that a gate of an item is passed, in the name of a person who says why. It shows as recorded by that person, with the reason.", evidence, static (writer, item, gate, by, reason, uri, token) =>
            writer.RecordByHandAsync(item, gate, by, reason, uri is null ? null : Evidence.At(uri), token));
    }

    public static Command Waive(CommandKit kit) => Create(kit, "waive", "Waives a gate of an item in the name of a person who says why: it no longer has to pass. It shows as waived by that person, with the reason.", null, static (writer, item, gate, by, reason, _, token) =>
        writer.WaiveAsync(item, gate, by, reason, token));

    private static Command Create(CommandKit kit, string name, string description, Option<Uri?>? evidence, Func<IRecordWriter, string, string, string, string, Uri?, CancellationToken, ValueTask<string?>> write)
    {
        var item = kit.ItemArgument();
        var gate = CommandKit.GateArgument();
        var by = new Option<string>("--by") { Description = "The name of the person; always shown. A service takes the one that the token belongs to.", Required = true, HelpName = "NAME" };
        var reason = new Option<string>("--reason") { Description = "Why; always shown.", Required = true, HelpName = "TEXT" };
        by.Validators.Add(static r =>
        {
            if (r.GetValueOrDefault<string>() is { } text && (string.IsNullOrWhiteSpace(text) || !Writer.TryParse($"{WriterRoles.Person}:{text}", out _))) r.AddError("--by is no name; write one such as ann.");
        });
        reason.Validators.Add(static r =>
        {
            if (r.GetValueOrDefault<string>() is { } text && (string.IsNullOrWhiteSpace(text) || text.Length > MaxReason)) r.AddError($"--reason must say why, in 1 to {MaxReason} characters.");
        });
        var json = CommandKit.JsonOption("Prints one JSON object and nothing else");
        var command = new Command(name, description) { item, gate, by, reason };
        if (evidence is not null) command.Options.Add(evidence);
        command.Options.Add(json);
        return kit.Does(command, async (target, parsed, cancellationToken) =>
        {
            string id = parsed.GetRequiredValue(item), at = parsed.GetRequiredValue(gate);
            await RequireKnownAsync(kit, target, id, at, cancellationToken).ConfigureAwait(false);
            var writer = await target.OpenForWritingAsync(kit.Environment, cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                string? refusal = await write(writer, id, at, parsed.GetRequiredValue(by), parsed.GetRequiredValue(reason), evidence is null ? null : parsed.GetValue(evidence), cancellationToken).ConfigureAwait(false);
                if (refusal is not null) throw new CommandFailure($"It was refused: {refusal}");
            }
            var reader = await target.OpenAsync(kit.Environment, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var now = await reader.FindAsync(id, cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(json)) kit.WriteJson(new WrittenBody(id, at, true, now?.Why, now?.Done ?? false), CliJson.Default.WrittenBody);
                else Screen.Of(kit.Environment).MarkupLine($"{(name == "waive" ? "Waived" : "Recorded")} {Plain.Markup(at, 60)} of {Plain.Markup(id, 120)}. Now: {Plain.Markup(now?.Why, 600)}");
            }
            return ExitCodes.Done;
        });
    }

    // What is written for an id that was mistyped would wait for ever for an item that never comes.
    private static async ValueTask RequireKnownAsync(CommandKit kit, Target target, string id, string gate, CancellationToken cancellationToken)
    {
        var reader = await target.OpenAsync(kit.Environment, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            if (await reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } item) throw new CommandFailure(await Inquiry.UnknownAsync(reader, id, target.ToString(), cancellationToken).ConfigureAwait(false));
            if (item.Gates.All(g => g.Name != gate)) throw CommandFailure.Misuse($"{id} has no gate '{Plain.Line(gate, 60)}'; it has {string.Join(", ", item.Gates.Select(static g => g.Name))}.");
        }
    }
}
