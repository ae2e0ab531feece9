using ClosedLoop.Adapters;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Reconciliation;

/// <summary>
/// Reads one source for the items whose look is due, in batches, and sweeps it for what lost webhooks would have announced. What
/// it reads goes through the same intake; a failure of it never changes a gate.
/// </summary>
internal sealed partial class Prober(
    AdapterRegistration adapter, ILoopStore store, IIntake intake, SourceHealth health, TimeProvider time, LoopMetrics metrics, ILogger logger)
{
    /// <summary>Longer than any probe should take; after that another node may look.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>How far a sweep reaches back before the last one: sources list changes late and with a resolution of one second.</summary>
    private static readonly TimeSpan SweepOverlap = TimeSpan.FromMinutes(1);

    /// <summary>How far the very first sweep reaches back.</summary>
    private static readonly TimeSpan FirstSweep = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromMinutes(15);

    /// <summary>The longest that a source can send us away for; a wrong header must not stop us for ever.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    /// <summary>The shortest, so that a header from the past cannot make the loop spin.</summary>
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);

    private DateTimeOffset _holdUntil = DateTimeOffset.MinValue;

    /// <summary>Does what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // The source said when to come again, for all of its subjects: webhooks must not bring looks forward into its limit.
        if (now < _holdUntil) return false;
        var sweeps = await store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = Lease, Kind = DueKinds.Sweep + adapter.Name, Limit = 1 }, cancellationToken).ConfigureAwait(false);
        var looks = await store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = Lease, Kind = DueKinds.Probe + adapter.Name, Limit = adapter.MaxKeysPerProbe }, cancellationToken).ConfigureAwait(false);
        if (sweeps.Count + looks.Count == 0) return false;

        var (keys, items) = await SubjectsAsync(looks, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<LineGap> gaps = adapter.ReadsLines && sweeps.Count > 0 ? await LineGaps.FindAsync(store, cancellationToken).ConfigureAwait(false) : [];
        DateTimeOffset? since = sweeps.Count == 0 ? null : Watermark(sweeps[0], now);
        // An adapter that was not there before: the open items have no look at it yet.
        if (sweeps is [{ Payload: null }]) await AddLooksAsync(now, cancellationToken).ConfigureAwait(false);
        DueChange[] ended = [.. sweeps.Select(c => NextSweep(c, now)), .. looks.Select(c => NextLook(c, items.GetValueOrDefault(c.Subject), now))];
        Key[][] chunks = keys.Count == 0 ? [[]] : [.. keys.Chunk(adapter.MaxKeysPerProbe)];
        for (int i = 0; i < chunks.Length; i++)
        {
            var batch = new ProbeBatch { Source = adapter.Name, Keys = [.. chunks[i]], SweepSince = i == 0 ? since : null, Lines = i == 0 ? [.. gaps] : [], At = now };
            var result = await ProbeAsync(batch, cancellationToken).ConfigureAwait(false);
            // A long gap is read a page at a time: while pages come, the next one is not left to the poll.
            if (!batch.Lines.IsEmpty && !result.History.IsDefaultOrEmpty) ended = [.. ended.Select(d => d.Kind.StartsWith(DueKinds.Sweep, StringComparison.Ordinal) && now + adapter.HintDelay < d.DueAt ? d with { DueAt = now + adapter.HintDelay } : d)];
            if (result.Outcome != ProbeOutcome.Reached)
            {
                if (RetryAt(result, now) is { } retryAt) _holdUntil = retryAt;
                await SubmitAsync(result, [.. sweeps.Concat(looks).Select(c => Again(c, result, now))], now).ConfigureAwait(false);
                return true;
            }
            // When the intake is busy the claims run out and the look is repeated: nothing is lost but time, as long as no claim
            // ends and no sweep moves on without its facts.
            if (!await SubmitAsync(result, i == chunks.Length - 1 ? ended : [], now).ConfigureAwait(false)) return true;
            // Only now: limits are judged on what was read, not on what is about to be stored.
            if (!batch.Keys.IsEmpty || batch.SweepSince is not null) health.Reached(adapter.Name, time.GetUtcNow());
        }
        return true;
    }

    private async ValueTask<(List<Key> Subjects, Dictionary<Key, ItemState> Items)> SubjectsAsync(IReadOnlyList<DueClaim> looks, CancellationToken cancellationToken)
    {
        if (looks.Count == 0) return ([], []);
        var items = looks.Select(static c => c.Subject).ToHashSet();
        var neighbourhood = await store.LoadAsync(new LoadRequest { Subjects = items }, cancellationToken).ConfigureAwait(false);
        var graph = new FactGraph();
        foreach (var fact in neighbourhood.Facts) graph.Apply(fact);
        var subjects = new SortedSet<Key>();
        foreach (var item in items) SubjectWalk.Collect(item, graph, adapter.ProbeSchemes, subjects);
        return ([.. subjects], neighbourhood.Items.ToDictionary(static r => Key.Item(r.State.Id), static r => r.State));
    }

    private async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        // An item without a subject at this source leaves nothing to ask.
        if (batch.Keys.IsEmpty && batch.SweepSince is null) return ProbeResult.Reached([]);
        ProbeResult result;
        try
        {
            result = await adapter.Probe!.ProbeAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception, adapter.Name);
            result = ProbeResult.Unreachable($"the probe failed: {exception.GetType().Name}: {exception.Message}");
        }
        metrics.Probed(adapter.Name, result.Outcome);
        if (result.Outcome == ProbeOutcome.Unreachable)
        {
            health.Lost(adapter.Name, time.GetUtcNow(), result.Detail ?? "unreachable");
            LogUnreachable(logger, adapter.Name, result.Detail);
        }
        else if (result.Outcome == ProbeOutcome.RateLimited)
        {
            health.Reached(adapter.Name, time.GetUtcNow());
        }
        if (result.Diagnostics.Length > 0)
        {
            metrics.Diagnostic(adapter.Name, result.Diagnostics.Length);
            foreach (string diagnostic in result.Diagnostics) LogDiagnostic(logger, adapter.Name, diagnostic);
        }
        return result;
    }

    private async ValueTask<bool> SubmitAsync(ProbeResult result, DueChange[] due, DateTimeOffset now)
    {
        if (result.Facts.IsDefaultOrEmpty && result.History.IsDefaultOrEmpty && due.Length == 0) return true;
        var submission = new Submission
        {
            Source = adapter.Name,
            ReceivedAt = now,
            Facts = result.Facts.IsDefault ? [] : result.Facts,
            History = result.History.IsDefault ? [] : result.History,
            Writers = adapter.Writers,
            Due = [.. due],
        };
        var taken = await intake.SubmitAsync(submission, CancellationToken.None).ConfigureAwait(false);
        return taken.Outcome != SubmissionOutcome.Busy;
    }

    private async ValueTask AddLooksAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var page in store.PagesAsync(new ItemQuery { Limit = 500 }, cancellationToken).ConfigureAwait(false))
        {
            var looks = page.Where(static r => DuePlan.IsWatched(r.State)).Select(r => DuePlan.Look(Key.Item(r.State.Id), adapter, now));
            await SubmitAsync(ProbeResult.Reached([]), [.. looks], now).ConfigureAwait(false);
        }
    }

    private static DateTimeOffset? RetryAt(ProbeResult result, DateTimeOffset now)
    {
        if (result.RetryAt is not { } at) return null;
        return at < now + ShortestHold ? now + ShortestHold : at > now + LongestHold ? now + LongestHold : at;
    }

    private static DateTimeOffset Watermark(DueClaim sweep, DateTimeOffset now) =>
        DateTimeOffset.TryParse(sweep.Payload, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var last)
            ? last - SweepOverlap
            : now - FirstSweep;

    private DueChange NextLook(DueClaim claim, ItemState? item, DateTimeOffset now) => new()
    {
        Subject = claim.Subject,
        Kind = claim.Kind,
        DueAt = now + Jitter.Spread(DuePlan.Interval(item, adapter), claim.Subject.Value),
        Token = claim.Token,
    };

    private DueChange NextSweep(DueClaim claim, DateTimeOffset now) =>
        NextLook(claim, null, now) with { Payload = now.ToString("O", System.Globalization.CultureInfo.InvariantCulture) };

    private DueChange Again(DueClaim claim, ProbeResult result, DateTimeOffset now)
    {
        var backoff = adapter.PollInterval * Math.Pow(2, Math.Min(claim.Attempts - 1, 10));
        var at = now + (backoff < LongestBackoff || adapter.PollInterval > LongestBackoff ? backoff : LongestBackoff);
        return new DueChange { Subject = claim.Subject, Kind = claim.Kind, DueAt = RetryAt(result, now) ?? at, Mode = DueMode.Retry, Token = claim.Token };
    }

    [LoggerMessage(20, LogLevel.Warning, "{Source} cannot be read: {Detail}. Its gates are blind until it answers")]
    private static partial void LogUnreachable(ILogger logger, string source, string? detail);

    [LoggerMessage(21, LogLevel.Error, "The probe of {Source} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string source);

    [LoggerMessage(22, LogLevel.Warning, "{Source}: {Diagnostic}")]
    private static partial void LogDiagnostic(ILogger logger, string source, string diagnostic);
}
