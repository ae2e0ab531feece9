using System.Text.Json;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Outbox;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Deadlines;

/// <summary>
/// Judges the limits that ran out: one notification per item, gate and limit, through the outbox, in the transaction that ends the
/// due row. A blind gate is neither passed nor in breach: its limit waits, and the time for which it was blind or frozen does not count. An item whose look
/// is late, after downtime for instance, is read before it is judged.
/// </summary>
internal sealed class DeadlineWatch(ILoopStore store, OutboxDispatcher outbox, OverdueHandling overdue, LimitClock clock, SourceHealth health, TransitionFeed feed, TimeProvider time, LoopMetrics metrics)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BlindRetry = TimeSpan.FromMinutes(1);
    private const int MaxAttempts = 10;

    /// <summary>A clock that stands still is looked at so often: a freeze may end before it was said to.</summary>
    internal static readonly TimeSpan PauseRecheck = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A row whose limits were all judged is looked at again after this, and then each time after twice as long: it only remembers. A new limit brings it forward.
    /// </summary>
    internal static readonly TimeSpan QuietRecheck = TimeSpan.FromDays(1);

    /// <summary>A look that is later than this has not been done in time; the item is judged after it.</summary>
    private static readonly TimeSpan LateLook = TimeSpan.FromMinutes(1);

    /// <summary>So long after the limit, the start or a source's return the item is judged all the same: none is to be silently stuck.</summary>
    private static readonly TimeSpan LongestWaitForLook = TimeSpan.FromHours(1);

    /// <summary>Judges what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claims = await store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = Lease, Kind = DueKinds.Sla, Limit = 200 }, cancellationToken).ConfigureAwait(false);
        if (claims.Count == 0) return false;
        int attempt = 1;
        while (!await JudgeAsync(claims, now, isLast: attempt == MaxAttempts, cancellationToken).ConfigureAwait(false))
        {
            metrics.Conflict();
            attempt++;
        }
        feed.Signal();
        return true;
    }

    // A gate that passes while it is judged is not overdue, and a limit that begins meanwhile must not go with the row: so the verdict
    // is stored only if nothing has changed since the items were read. A record that changes all the time would never be judged: the
    // last attempt is stored in any case, and then it ends no row.
    private async ValueTask<bool> JudgeAsync(IReadOnlyList<DueClaim> claims, DateTimeOffset now, bool isLast, CancellationToken cancellationToken)
    {
        var before = await store.LoadAsync(new LoadRequest(), cancellationToken).ConfigureAwait(false);
        var items = (await store.FindItemsAsync([.. claims.Select(static c => c.Subject.Value)], cancellationToken).ConfigureAwait(false))
            .ToDictionary(static r => r.State.Id, StringComparer.Ordinal);
        var due = new List<DueChange>();
        var messages = new List<OutboxMessage>();
        var transitions = new List<Transition>();
        foreach (var claim in claims)
        {
            var change = items.TryGetValue(claim.Subject.Value, out var item) ? Judge(item, claim, now, messages, transitions) : Over(claim);
            due.Add(isLast && change.DueAt is null ? change with { DueAt = now + BlindRetry } : change);
        }
        if (transitions.Count > 0 && overdue.Wakes is { } wake) due.Add(wake(now));
        var commit = new StoreCommit { Token = isLast ? null : before.Token, At = now, Due = due, Outbox = messages, Transitions = transitions };
        if (await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false) == CommitOutcome.Conflict) return false;
        foreach (var transition in transitions) metrics.Overdue(transition.Gate!);
        return true;
    }

    private DueChange Judge(ItemRecord record, DueClaim claim, DateTimeOffset now, List<OutboxMessage> messages, List<Transition> transitions)
    {
        var item = record.State;
        var judged = JudgedLimits.Parse(claim.Payload);
        var next = DateTimeOffset.MaxValue;
        foreach (var limit in ItemLimit.Of(item)) Consider(limit);
        if (next == DateTimeOffset.MaxValue)
        {
            if (judged.IsEmpty || item.IsClosed) return Over(claim);
            var quiet = LookInterval.QuietFor(record, now);
            next = now + (quiet > QuietRecheck ? quiet : QuietRecheck);
        }
        return new DueChange { Subject = claim.Subject, Kind = claim.Kind, DueAt = next, Token = claim.Token, Payload = judged.ToString() };

        void Consider(ItemLimit limit)
        {
            string id = JudgedLimits.Id(limit.Name, limit.Clock, limit.At);
            if (judged.Contains(id, limit.At)) return;
            if (limit.At > now)
            {
                Later(limit.At);
                return;
            }
            var end = clock.RunsOutAt(item, limit, now);
            if (end > now)
            {
                var recheck = now + (limit.Gate is { } gate && health.BlindFor(gate.Gate) is not null ? BlindRetry : PauseRecheck);
                Later(end < recheck ? end : recheck);
            }
            else if (IsUnknown(record, limit.Gate, end, now))
            {
                Later(now + BlindRetry);
            }
            else
            {
                judged.Add(id);
                string key = $"overdue:{item.Id}:{id}";
                string summary = Summary(item, limit, end, now);
                foreach (string sink in overdue.TellsSinks ? outbox.SinkNames : []) messages.Add(Message(item, limit, end, key, sink, summary, now));
                transitions.Add(new Transition { ItemId = item.Id, Kind = TransitionKind.Overdue, Gate = limit.Name, From = Status(limit), To = Status(limit), Reason = limit.Gate?.Reason ?? Reason.None, Detail = summary, OccurredAt = end, RecordedAt = now });
            }
        }

        void Later(DateTimeOffset at) => next = at < next ? at : next;
    }

    private bool IsUnknown(ItemRecord record, GateView? gate, DateTimeOffset end, DateTimeOffset now) =>
        gate is not null && (health.BlindFor(gate.Gate) is not null || health.IsUnread(gate.Gate, now) || IsLookLate(record, gate, end, now));

    // What finished while nobody looked must be found first.
    private bool IsLookLate(ItemRecord record, GateView gate, DateTimeOffset limit, DateTimeOffset now)
    {
        if (!(record.NextProbeAt < now - LateLook)) return false;
        var since = limit > health.StartedAt ? limit : health.StartedAt;
        if (health.CameBackAt(gate.Gate) is { } back && back > since) since = back;
        return now < since + LongestWaitForLook;
    }

    private static DueChange Over(DueClaim claim) => new() { Subject = claim.Subject, Kind = claim.Kind, DueAt = null, Token = claim.Token };

    private static GateStatus Status(ItemLimit limit) => limit.Gate?.Status ?? GateStatus.Waiting;

    private static string Summary(ItemState item, ItemLimit limit, DateTimeOffset end, DateTimeOffset now)
    {
        string after = $"{Explanation.Span(now - limit.From)} after";
        if (limit.IsOfItem) return $"not done {after} the merge (limit {end:yyyy-MM-dd HH:mm} UTC); waiting for {item.WaitingOn ?? item.DoneDefinition}";
        var gate = limit.Gate!;
        string what = limit.Clock == ItemLimit.Start ? "has not started" : gate.Status == GateStatus.Failed ? "failed and is not green again" : "has not passed";
        string text = gate.Reason == Reason.Misconfigured ? $"{gate.Gate} cannot pass as configured" : $"{gate.Gate} {what} {after} it became possible (limit {end:HH:mm} UTC)";
        return gate.Detail is null ? text : $"{text}; {gate.Detail}";
    }

    private static OutboxMessage Message(ItemState item, ItemLimit limit, DateTimeOffset end, string key, string sink, string summary, DateTimeOffset now)
    {
        var notification = new Notification
        {
            IdempotencyKey = key,
            Type = limit.IsOfItem ? "item.overdue" : "gate.overdue",
            ItemId = item.Id,
            Title = item.Title,
            Gate = limit.Name,
            Summary = summary,
            Deadline = end,
            At = now,
            Evidence = limit.Gate?.Evidence?.Url,
        };
        return new OutboxMessage($"{key}:{sink}", sink, JsonSerializer.Serialize(notification, NotificationJsonContext.Default.Notification), now);
    }
}
