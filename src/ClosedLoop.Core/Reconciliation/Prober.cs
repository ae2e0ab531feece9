using System.Globalization;
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
/// Reads one source for the items whose look is due, in batches by repository, and sweeps it for what lost webhooks would have announced.
/// What it reads goes through the same intake; a failure of it never changes a gate. Driven by one loop at a time.
/// </summary>
internal sealed partial class Prober(
    AdapterRegistration adapter, ILoopStore store, IIntake intake, SourceHealth health, TimeProvider time, LoopMetrics metrics, ILogger logger)
{
    /// <summary>The most looks in one round: after a long downtime everything is due at once, and webhooks want the store too.</summary>
    public const int MaxLooks = 1_000;

    /// <summary>Longer than a round should take; after that another node may look.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>How far a sweep reaches back before the last one: sources list changes late and with a resolution of one second.</summary>
    private static readonly TimeSpan SweepOverlap = TimeSpan.FromMinutes(1);

    /// <summary>How far the very first sweep reaches back.</summary>
    private static readonly TimeSpan FirstSweep = TimeSpan.FromDays(1);

    /// <summary>The longest that a source can send us away for; a wrong header must not stop us for ever.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    /// <summary>The shortest, so that a header from the past cannot make the loop spin.</summary>
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(1);

    // A watermark of the first sweep, which had to stop on the way.
    private const string FirstMark = "first ";

    private readonly SourceGuard _guard = new(adapter, time);
    private readonly LookBudget _budget = new(adapter, time.GetUtcNow());
    private DateTimeOffset _holdUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _nextRound = DateTimeOffset.MinValue;
    private TimeSpan? _lag;

    /// <summary>Nothing is asked before this instant, whatever is due: the source's rate limit, the budget, an open breaker, or the pause between two rounds.</summary>
    public DateTimeOffset PausedUntil
    {
        get
        {
            var until = _holdUntil > _nextRound ? _holdUntil : _nextRound;
            return _guard.OpenUntil is { } open && open > until ? open : until;
        }
    }

    // Looks that webhooks bring forward come one by one; a little later one call answers for several.
    private TimeSpan RoundSpacing => adapter.HintDelay < adapter.PollInterval / LookSlots.Phases ? adapter.HintDelay : adapter.PollInterval / LookSlots.Phases;

    /// <summary>Does what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // The source said when to come again, for all of its subjects: webhooks must not bring looks forward into its limit.
        if (now < PausedUntil) return false;
        bool canSweep = _budget.CanSweep(now);
        int most = Math.Min(MaxLooks, _guard.IsTrial ? adapter.MaxKeysPerProbe : _budget.AffordableLooks(now));
        var sweeps = canSweep ? await ClaimAsync(DueKinds.Sweep, 1, now, cancellationToken).ConfigureAwait(false) : [];
        var looks = most > 0 ? await ClaimAsync(DueKinds.Probe, most, now, cancellationToken).ConfigureAwait(false) : [];
        if (sweeps.Count + looks.Count == 0)
        {
            // A budget that only lacks what looks cost must not hold up a sweep.
            if (!canSweep) _holdUntil = _budget.WhenSweep(now);
            Publish();
            return false;
        }
        if (looks.Count > 0)
        {
            _lag = now > looks[0].DueAt ? now - looks[0].DueAt : TimeSpan.Zero;
            _budget.Late(now - looks[0].DueAt);
        }
        foreach (var look in looks) metrics.Looked(adapter.Name, now - look.DueAt);
        if (looks.Count < most) _nextRound = now + RoundSpacing;
        using var activity = LoopActivities.Probe(adapter.Name, looks.Count);
        await RunAsync(sweeps.Count == 0 ? null : sweeps[0], looks, now, cancellationToken).ConfigureAwait(false);
        Publish();
        return true;
    }

    // A hint's pause between two rounds is no pause that anybody should worry about.
    private void Publish() => health.Read(
        adapter.Name,
        new SourceReading(adapter.CallsPerHour is null ? null : _budget.Allowance(time.GetUtcNow()), _guard.OpenUntil is { } open && open > _holdUntil ? open : _holdUntil, _lag, _budget.Stretch));

    private async ValueTask RunAsync(DueClaim? sweep, IReadOnlyList<DueClaim> looks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<LineGap> gaps = adapter.ReadsLines && sweep is not null ? await LineGaps.FindAsync(store, cancellationToken).ConfigureAwait(false) : [];
        // An adapter that was not there before: the open items have no look at it yet.
        bool isFirst = sweep is not null && (sweep.Payload is null || sweep.Payload.StartsWith(FirstMark, StringComparison.Ordinal));
        if (sweep is { Payload: null }) await AddLooksAsync(now, cancellationToken).ConfigureAwait(false);
        var groups = await GroupsAsync(looks, cancellationToken).ConfigureAwait(false);
        if (groups.Count == 0) groups = [LookGroup.Empty];
        bool failed = false;
        var heldSince = now;
        for (int i = 0; i < groups.Count; i++)
        {
            var swept = i == 0 ? sweep : null;
            if (i > 0 && !_budget.CanLook(time.GetUtcNow()))
            {
                await ReleaseAsync(groups.Skip(i), now).ConfigureAwait(false);
                return;
            }
            if (i > 0 && time.GetUtcNow() is var at && at - heldSince > Lease / 2)
            {
                await RenewAsync(groups[i..], at, cancellationToken).ConfigureAwait(false);
                heldSince = at;
            }
            if (i > 0 && groups[i].Looks.Count == 0) continue;
            var result = await ReadAsync(groups[i], swept, swept is null ? [] : gaps, isFirst, now, cancellationToken).ConfigureAwait(false);
            if (result is null) return;
            failed |= result.Outcome != ProbeOutcome.Reached;
            // A part that cannot be read, such as a repository that is not there, must not hide the rest.
            if (failed && (result.Outcome == ProbeOutcome.RateLimited || result.Facts.IsDefaultOrEmpty))
            {
                await ReleaseAsync(groups.Skip(i + 1), now).ConfigureAwait(false);
                return;
            }
            // Only now: limits are judged on what was read, not on what is about to be stored.
            if (!failed && (groups[i].Keys.Count > 0 || swept is not null)) health.Reached(adapter.Name, time.GetUtcNow());
        }
    }

    // A source that answers slowly: what is still to be read must not be another node's to read meanwhile. What is already, that one reads.
    private async ValueTask RenewAsync(List<LookGroup> groups, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var held = await store.RenewAsync(new LeaseRenewal { Until = now + Lease, Due = [.. groups.SelectMany(static g => g.Looks).Select(static l => l.Claim)] }, cancellationToken).ConfigureAwait(false);
        foreach (var group in groups) group.Looks.RemoveAll(l => !held.Contains(l.Claim.Token));
    }

    // The group's claims end with the facts that answer for them. Null: the intake was busy, the claims run out and the looks are
    // repeated: nothing is lost but time, as long as no claim ends and no sweep moves on without its facts.
    private async ValueTask<ProbeResult?> ReadAsync(LookGroup group, DueClaim? sweep, IReadOnlyList<LineGap> gaps, bool isFirst, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Key[][] chunks = group.Keys.Count == 0 ? [[]] : [.. group.Keys.Chunk(adapter.MaxKeysPerProbe)];
        var last = ProbeResult.Reached([]);
        bool morePages = false;
        for (int i = 0; i < chunks.Length; i++)
        {
            var since = i == 0 && sweep is not null ? Watermark(sweep, now) : (DateTimeOffset?)null;
            var batch = new ProbeBatch { Source = adapter.Name, Keys = [.. chunks[i]], SweepSince = since, Lines = i == 0 ? [.. gaps] : [], Allowance = _budget.Allowance(time.GetUtcNow()), At = now };
            last = await ProbeAsync(batch, cancellationToken).ConfigureAwait(false);
            morePages |= !batch.Lines.IsEmpty && !last.History.IsDefaultOrEmpty;
            DueChange[] ended = last.Outcome != ProbeOutcome.Reached ? Failed(group, sweep, last, isFirst, now) : i == chunks.Length - 1 ? Ended(group, sweep, now) : [];
            if (!await SubmitAsync(last, ended, isFirst, now).ConfigureAwait(false)) return null;
            var swept = last.Outcome != ProbeOutcome.Reached ? last.SweptUntil : i == chunks.Length - 1 ? now : null;
            if (sweep is not null && swept is { } until) health.Swept(adapter.Name, until);
            if (last.Outcome != ProbeOutcome.Reached) return last;
        }
        // A long gap is read a page at a time: while pages come and some is left, the next one is not left to the poll,
        // unless the budget is short: another sweep so soon would take what looks need.
        if (sweep is not null && morePages && _budget.Stretch <= 1 && (await LineGaps.FindAsync(store, cancellationToken).ConfigureAwait(false)).Count > 0)
            await SubmitAsync(ProbeResult.Reached([]), [End(sweep, DueMode.BringForward, now + adapter.HintDelay) with { Token = 0 }], isFirst, now).ConfigureAwait(false);
        return last;
    }

    private ValueTask<IReadOnlyList<DueClaim>> ClaimAsync(string kind, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = Lease, Kind = kind + adapter.Name, Limit = limit }, cancellationToken);

    private async ValueTask<List<LookGroup>> GroupsAsync(IReadOnlyList<DueClaim> looks, CancellationToken cancellationToken)
    {
        if (looks.Count == 0) return [];
        var items = looks.Select(static c => c.Subject).ToHashSet();
        var neighbourhood = await store.LoadAsync(new LoadRequest { Subjects = items }, cancellationToken).ConfigureAwait(false);
        var walk = new SubjectWalk(neighbourhood.Facts);
        var records = neighbourhood.Items.ToDictionary(static r => Key.Item(r.State.Id));
        return LookGroup.Of(looks, records, item => walk.Below(item, adapter.ProbeSchemes), adapter.MaxKeysPerProbe);
    }

    private async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        // An item without a subject at this source leaves nothing to ask.
        if (batch.Keys.IsEmpty && batch.SweepSince is null) return ProbeResult.Reached([]);
        ProbeResult result;
        try
        {
            result = await _guard.ProbeAsync(batch, adapter.Probe!, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogFailed(logger, exception, adapter.Name);
            result = ProbeResult.Unreachable($"the probe failed: {exception.GetType().Name}: {exception.Message}");
        }
        var after = time.GetUtcNow();
        metrics.Probed(adapter.Name, result.Outcome, result.Calls ?? 1);
        if (_budget.Spent(batch, result, after) is { } complaint) LogBudget(logger, adapter.Name, complaint);
        if (result.Outcome != ProbeOutcome.Reached && RetryAt(result, after) is { } retryAt) _holdUntil = retryAt;
        // Out of our own budget, or of somebody's who does not say for how long.
        else if (result.Outcome == ProbeOutcome.RateLimited) _holdUntil = after + ShortestHold;
        if (result.Outcome == ProbeOutcome.Unreachable)
        {
            health.Lost(adapter.Name, after, result.Detail ?? "unreachable");
            LogUnreachable(logger, adapter.Name, result.Detail);
        }
        else if (result.Outcome == ProbeOutcome.RateLimited && result.Calls != 0)
        {
            health.Reached(adapter.Name, after);
        }
        if (result.Diagnostics.Length > 0)
        {
            metrics.Diagnostic(adapter.Name, result.Diagnostics.Length);
            foreach (string diagnostic in result.Diagnostics) LogDiagnostic(logger, adapter.Name, diagnostic);
        }
        return result;
    }

    private async ValueTask<bool> SubmitAsync(ProbeResult result, DueChange[] due, bool isFirst, DateTimeOffset now)
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
            IsFirstRead = isFirst,
        };
        var taken = await intake.SubmitAsync(submission, CancellationToken.None).ConfigureAwait(false);
        return taken.Outcome != SubmissionOutcome.Busy;
    }

    private async ValueTask AddLooksAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var page in store.PagesAsync(new ItemQuery { Limit = 500 }, cancellationToken).ConfigureAwait(false))
        {
            var looks = page.Where(static r => DuePlan.IsWatched(r.State)).Select(r => DuePlan.Look(r.State, adapter, now));
            await SubmitAsync(ProbeResult.Reached([]), [.. looks], isFirst: false, now).ConfigureAwait(false);
        }
    }

    private static DateTimeOffset? RetryAt(ProbeResult result, DateTimeOffset now)
    {
        if (result.RetryAt is not { } at) return null;
        return at < now + ShortestHold ? now + ShortestHold : at > now + LongestHold ? now + LongestHold : at;
    }

    private static DateTimeOffset Watermark(DueClaim sweep, DateTimeOffset now) =>
        DateTimeOffset.TryParse(sweep.Payload is { } payload && payload.StartsWith(FirstMark, StringComparison.Ordinal) ? payload[FirstMark.Length..] : sweep.Payload, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var last)
            ? last - SweepOverlap
            : now - FirstSweep;

    private DueChange[] Ended(LookGroup group, DueClaim? sweep, DateTimeOffset now)
    {
        var ended = group.Looks.Select(look => End(look.Claim, DueMode.Set, look.Record is { } record && !DuePlan.IsWatched(record.State) ? null : NextLook(look.Record, now)));
        if (sweep is null) return [.. ended];
        var next = LookSlots.Next(now, adapter.PollInterval, adapter.PollInterval, adapter.Name, adapter.Name);
        return [End(sweep, DueMode.Set, next) with { Payload = now.ToString("O", CultureInfo.InvariantCulture) }, .. ended];
    }

    // The breaker waits for the source; a look that failed is due as soon as it may be asked again.
    private DueChange[] Failed(LookGroup group, DueClaim? sweep, ProbeResult result, bool isFirst, DateTimeOffset now)
    {
        bool isOurLimit = result is { Outcome: ProbeOutcome.RateLimited, RetryAt: null } && adapter.CallsPerHour is not null;
        var failed = group.Looks.Select(look => Again(look.Claim));
        if (sweep is null) return [.. failed];
        var again = Again(sweep);
        // A flood of changes is read a budget at a time.
        if (result.SweptUntil is { } until && until > Watermark(sweep, now))
            again = again with { Payload = $"{(isFirst ? FirstMark : "")}{(until + SweepOverlap).ToString("O", CultureInfo.InvariantCulture)}" };
        return [again, .. failed];

        DueChange Again(DueClaim claim) => End(claim, DueMode.Retry, isOurLimit ? claim.DueAt : RetryAt(result, now) ?? now + adapter.PollInterval);
    }

    // What was not asked keeps its place: the oldest goes first.
    private async ValueTask ReleaseAsync(IEnumerable<LookGroup> groups, DateTimeOffset now)
    {
        DueChange[] due = [.. groups.SelectMany(static g => g.Looks).Select(static l => End(l.Claim, DueMode.Retry, l.Claim.DueAt))];
        await SubmitAsync(ProbeResult.Reached([]), due, isFirst: false, now).ConfigureAwait(false);
    }

    private DateTimeOffset NextLook(ItemRecord? record, DateTimeOffset now)
    {
        var interval = LookInterval.Of(record?.State, record is null ? TimeSpan.Zero : LookInterval.QuietFor(record, now), adapter, _budget.Stretch);
        return LookSlots.Next(now, adapter.PollInterval, interval, adapter.Name, LookGroup.RepositoryOf(record) ?? adapter.Name);
    }

    private static DueChange End(DueClaim claim, DueMode mode, DateTimeOffset? at) => new() { Subject = claim.Subject, Kind = claim.Kind, DueAt = at, Mode = mode, Token = claim.Token };

    [LoggerMessage(20, LogLevel.Warning, "{Source} cannot be read: {Detail}. Its gates are blind until it answers")]
    private static partial void LogUnreachable(ILogger logger, string source, string? detail);

    [LoggerMessage(21, LogLevel.Error, "The probe of {Source} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string source);

    [LoggerMessage(22, LogLevel.Warning, "{Source}: {Diagnostic}")]
    private static partial void LogDiagnostic(ILogger logger, string source, string diagnostic);

    [LoggerMessage(23, LogLevel.Warning, "{Source}: {Complaint}")]
    private static partial void LogBudget(ILogger logger, string source, string complaint);
}
