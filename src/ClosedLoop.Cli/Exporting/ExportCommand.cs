using System.CommandLine;
using System.Text;
using ClosedLoop.Cli.Commands;
using ClosedLoop.Cli.Reading;

namespace ClosedLoop.Cli.Exporting;

/// <summary><c>closedloop export</c>: the record as rows, for other tools.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Writes items, transitions or facts as rows, one each line, streaming: memory does not grow with the record.

        In CSV, control characters are left out and a field that a spreadsheet would run as a formula begins with an apostrophe; JSON lines hold texts as they are, escaped.
        """;

    public static Command Create(CommandKit kit)
    {
        var what = new Argument<ExportKind>("WHAT") { Description = "items (as they are now), transitions (the log) or facts (what the record is made of; from a store only).", CustomParser = static r => Name(r, ExportKind.Items) };
        what.CompletionSources.Add("items", "transitions", "facts");
        var format = new Option<ExportFormat>("--format") { Description = "jsonl (one JSON object on each line; the default) or csv (with a header).", CustomParser = static r => Name(r, ExportFormat.Jsonl), DefaultValueFactory = static _ => ExportFormat.Jsonl, HelpName = "jsonl|csv" };
        format.CompletionSources.Add("jsonl", "csv");
        var file = new Option<FileInfo?>("--output", "-o") { Description = "The file to write; without it, the standard output. One that exists is left alone.", HelpName = "FILE" };
        var after = new Option<long>("--after") { Description = "Of transitions, only those after this sequence number.", HelpName = "SEQUENCE" };
        after.Validators.Add(static r =>
        {
            if (r.GetValueOrDefault<long>() < 0) r.AddError("--after must be 0 or more.");
        });
        var done = new Option<bool?>("--done") { Description = "Of items, only those that are done (true) or not (false).", HelpName = "true|false" };
        var command = new Command("export", Description) { what, format, file, after, done };
        return kit.Does(command, async (target, parsed, cancellationToken) =>
        {
            var kind = parsed.GetValue(what);
            if (kind == ExportKind.Facts) target.RequireStore("export facts");
            var output = parsed.GetValue(file) is { } path ? Create(path) : null;
            try
            {
                var writer = output ?? kit.Environment.Output;
                if (kind == ExportKind.Facts)
                {
                    var open = await OpenStore.ForReadingAsync(target, kit.Environment, cancellationToken).ConfigureAwait(false);
                    await using (open.ConfigureAwait(false)) await WriteAsync(writer, ExportRows.FactsAsync(open.Store, parsed.GetValue(format), cancellationToken), cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    var reader = await target.OpenAsync(kit.Environment, cancellationToken).ConfigureAwait(false);
                    await using (reader.ConfigureAwait(false))
                    {
                        var rows = kind == ExportKind.Items
                            ? ExportRows.ItemsAsync(reader, new ItemFilter { IsDone = parsed.GetValue(done) }, parsed.GetValue(format), cancellationToken)
                            : ExportRows.TransitionsAsync(reader, parsed.GetValue(after), parsed.GetValue(format), cancellationToken);
                        await WriteAsync(writer, rows, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
            finally
            {
                if (output is not null) await output.DisposeAsync().ConfigureAwait(false);
            }
            return ExitCodes.Done;
        });
    }

    private static async ValueTask WriteAsync(TextWriter writer, IAsyncEnumerable<string> rows, CancellationToken cancellationToken)
    {
        await foreach (string row in rows.WithCancellation(cancellationToken).ConfigureAwait(false)) await writer.WriteLineAsync(row.AsMemory(), cancellationToken).ConfigureAwait(false);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static StreamWriter Create(FileInfo file)
    {
        try
        {
            return new StreamWriter(new FileStream(file.FullName, FileMode.CreateNew, FileAccess.Write), new UTF8Encoding(false));
        }
        catch (IOException) when (file.Exists)
        {
            throw CommandFailure.Misuse($"--output {file} exists and is left alone; name another file, or remove it.");
        }
    }

    private static T Name<T>(System.CommandLine.Parsing.ArgumentResult result, T fallback)
        where T : struct, Enum
    {
        string text = result.Tokens is [var token] ? token.Value : "";
        foreach (var value in Enum.GetValues<T>())
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase))
                return value;
        result.AddError($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(static n => n.ToLowerInvariant()))}.");
        return fallback;
    }
}
