using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Cli.Exporting;

/// <summary>Rows of an export as lines of text, read a page at a time.</summary>
internal static class ExportRows
{
    private const int Page = 1_000;

    public static async IAsyncEnumerable<string> ItemsAsync(IRecordReader reader, ItemFilter filter, ExportFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (format == ExportFormat.Csv) yield return Csv.Row("id", "title", "repository", "pipeline", "priority", "agent", "done", "doneAt", "abandoned", "waitingOn", "currentGate", "furthestGate", "overdueGates", "openedAt", "updatedAt", "migration", "why");
        await foreach (var i in reader.ItemsAsync(filter, cancellationToken).ConfigureAwait(false))
        {
            yield return format == ExportFormat.Jsonl
                ? JsonSerializer.Serialize(i, CliJson.Default.ItemBody)
                : Csv.Row(i.Id, i.Title, i.Repository, i.Pipeline, i.Priority, i.Provenance?.Agent, Flag(i.Done), Csv.Instant(i.DoneAt), Flag(i.Abandoned), i.WaitingOn, i.CurrentGate, i.FurthestGate, string.Join(' ', i.OverdueGates), Csv.Instant(i.OpenedAt), Csv.Instant(i.UpdatedAt), i.Migration, i.Why);
        }
    }

    public static async IAsyncEnumerable<string> TransitionsAsync(IRecordReader reader, long after, ExportFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (format == ExportFormat.Csv) yield return Csv.Row("sequence", "itemId", "kind", "gate", "from", "to", "reason", "writer", "subject", "doneDefinition", "occurredAt", "recordedAt", "evidence", "detail");
        await foreach (var t in reader.LogAsync(null, after, cancellationToken).ConfigureAwait(false))
        {
            yield return format == ExportFormat.Jsonl
                ? JsonSerializer.Serialize(t, CliJson.Default.TransitionBody)
                : Csv.Row(t.Sequence.ToString(CultureInfo.InvariantCulture), t.ItemId, t.Kind, t.Gate, t.From, t.To, t.Reason, t.Writer, t.Subject, t.DoneDefinition, Csv.Instant(t.OccurredAt), Csv.Instant(t.RecordedAt), t.Evidence?.Url, t.Detail);
        }
    }

    public static async IAsyncEnumerable<string> FactsAsync(ILoopStore store, ExportFormat format, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (format == ExportFormat.Csv) yield return Csv.Row("subject", "kind", "writer", "ordinal", "status", "reason", "occurredAt", "name", "environment", "revision", "links", "evidence", "detail");
        RegisterId? after = null;
        while (await store.ReadFactsAsync(after, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var f in page.Select(FactRow.Of))
            {
                yield return format == ExportFormat.Jsonl
                    ? JsonSerializer.Serialize(f, CliJson.Default.FactRow)
                    : Csv.Row(f.Subject, f.Kind, f.Writer, f.Ordinal, f.Status, f.Reason, Csv.Instant(f.OccurredAt), f.Name, f.Environment, f.Revision, string.Join(' ', f.Links), f.Evidence?.Url, f.Detail);
            }
            after = page[^1].Register;
        }
    }

    private static string Flag(bool value) => value ? "true" : "false";
}
