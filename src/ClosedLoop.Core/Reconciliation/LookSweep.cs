using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Reconciliation;

/// <summary>
/// Checks that every open item has a look planned at every source (guarantee G4), a page of items at a time, and plans what is missing. It
/// should never find anything: rows are written in the transaction that opens an item. What it finds is counted and said.
/// </summary>
internal sealed partial class LookSweep(ILoopStore store, IIntake intake, AdapterCatalog adapters, TimeProvider time, LoopMetrics metrics, ILogger<LookSweep> logger)
{
    /// <summary>The items of one step.</summary>
    public const int PageSize = 200;

    /// <summary>Between two steps of a pass.</summary>
    public static readonly TimeSpan StepPause = TimeSpan.FromSeconds(1);

    /// <summary>Between two passes.</summary>
    public static readonly TimeSpan PassPause = TimeSpan.FromMinutes(10);

    private readonly HashSet<string> _looks = adapters.Probing.Select(static a => DueKinds.Probe + a.Name).ToHashSet(StringComparer.Ordinal);
    private string? _cursor;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Checks one page when it is time to.</summary>
    public async ValueTask RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _next || adapters.Probing.Count == 0) return;
        var page = await store.QueryItemsAsync(new ItemQuery { IsOpen = true, Limit = PageSize, Cursor = _cursor }, cancellationToken).ConfigureAwait(false);
        var suspects = (await MissingAsync(page.Items, now, cancellationToken).ConfigureAwait(false)).Select(static d => d.Subject.Value).ToHashSet(StringComparer.Ordinal);
        // An item can close between the two reads; what is missing in both is missing.
        var missing = suspects.Count == 0 ? [] : await MissingAsync(await store.FindItemsAsync(suspects, cancellationToken).ConfigureAwait(false), now, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            var taken = await intake.SubmitAsync(new Submission { Source = "engine", ReceivedAt = now, Due = [.. missing] }, cancellationToken).ConfigureAwait(false);
            // Busy: the same page again.
            if (taken.Outcome != SubmissionOutcome.Committed) return;
            foreach (var source in missing.GroupBy(static d => d.Kind[DueKinds.Probe.Length..], StringComparer.Ordinal))
            {
                metrics.MissingLooks(source.Key, source.Count());
                LogMissing(logger, source.Count(), source.Key, source.First().Subject);
            }
        }
        _cursor = page.NextCursor;
        _next = now + (_cursor is null ? PassPause : StepPause);
    }

    private async ValueTask<List<DueChange>> MissingAsync(IReadOnlyList<ItemRecord> items, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var watched = items.Where(static r => DuePlan.IsWatched(r.State)).ToDictionary(static r => Key.Item(r.State.Id), static r => r.State);
        if (watched.Count == 0) return [];
        var rows = await store.ReadDueAsync(watched.Keys, cancellationToken).ConfigureAwait(false);
        // A subject has one row of a kind: whoever has as many as there are sources lacks none, and nearly all have.
        foreach (var looks in rows.Where(r => _looks.Contains(r.Kind)).GroupBy(static r => r.Subject))
            if (looks.Count() == _looks.Count)
                watched.Remove(looks.Key);
        if (watched.Count == 0) return [];
        var known = rows.Select(static r => (r.Subject, r.Kind)).ToHashSet();
        return [.. watched.Values.SelectMany(item => adapters.Probing.Select(a => DuePlan.Look(item, a, now))).Where(d => !known.Contains((d.Subject, d.Kind)))];
    }

    [LoggerMessage(24, LogLevel.Error, "{Count} open items had no look planned at {Source}, {Item} among them; they have one now. That is a defect, or rows were deleted by hand")]
    private static partial void LogMissing(ILogger logger, int count, string source, Key item);
}
