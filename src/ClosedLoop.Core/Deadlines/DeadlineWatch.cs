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
/// due row. A blind gate is neither passed nor in breach: its limit waits, and the time for which it was blind does not count. An item whose look
/// is late, after downtime for instance, is read before it is judged.
/// </summary>
internal sealed class DeadlineWatch(ILoopStore store, OutboxDispatcher outbox, OverdueHandling overdue, SourceHealth health, TransitionFeed feed, TimeProvider time, LoopMetrics metrics)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BlindRetry = TimeSpan.FromMinutes(1);
    private const int MaxAttempts = 10;
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
        foreach (var gate in item.Gates)
        {
            Consider(gate, gate.StartBy, "start");
            Consider(gate, gate.FinishBy, "finish");
        }
        if (next == DateTimeOffset.MaxValue)
        {
            if (judged.IsEmpty || item.IsClosed) return Over(claim);
            next = now + QuietRecheck;
        }
        return new DueChange { Subject = claim.Subject, Kind = claim.Kind, DueAt = next, Token = claim.Token, Payload = judged.ToString() };

        void Consider(GateView gate, DateTimeOffset? limit, string clock)
        {
            if (limit is not { } at) return;
            string id = JudgedLimits.Id(gate.Gate, clock, at);
            if (judged.Contains(id, at)) return;
            var end = at + health.BlindTime(gate.Gate, gate.EligibleAt ?? at, now);
            if (at > now)
            {
                next = at < next ? at : next;
            }
            else if (health.BlindFor(gate.Gate) is not null || health.IsUnread(gate.Gate, now) || IsLookLate(record, gate, end, now))
            {
                next = now + BlindRetry < next ? now + BlindRetry : next;
            }
            else if (end > now)
            {
                next = end < next ? end : next;
            }
            else
            {
                judged.Add(id);
                string key = $"overdue:{item.Id}:{id}";
                string summary = Summary(gate, at, clock, now);
                foreach (string sink in overdue.TellsSinks ? outbox.SinkNames : []) messages.Add(Message(item, gate, at, key, sink, summary, now));
                transitions.Add(new Transition { ItemId = item.Id, Kind = TransitionKind.Overdue, Gate = gate.Gate, From = gate.Status, To = gate.Status, Reason = gate.Reason, Detail = summary, OccurredAt = at, RecordedAt = now });
            }
        }
    }

    // What finished while nobody looked must be found first.
    private bool IsLookLate(ItemRecord record, GateView gate, DateTimeOffset limit, DateTimeOffset now)
    {
        if (!(record.NextProbeAt < now - LateLook)) return false;
        var since = limit > health.StartedAt ? limit : health.StartedAt;
        if (health.CameBackAt(gate.Gate) is { } back && back > since) since = back;
        return now < since + LongestWaitForLook;
    }

    private static DueChange Over(DueClaim claim) => new() { Subject = claim.Subject, Kind = claim.Kind, DueAt = null, Token = claim.Token };

    private static string Summary(GateView gate, DateTimeOffset limit, string clock, DateTimeOffset now)
    {
        string what = clock == "start" ? "has not started" : gate.Status == GateStatus.Failed ? "failed and is not green again" : "has not passed";
        string text = gate.Reason == Reason.Misconfigured ? $"{gate.Gate} cannot pass as configured" : $"{gate.Gate} {what} {Explanation.Span(now - gate.EligibleAt!.Value)} after it became possible (limit {limit:HH:mm} UTC)";
        return gate.Detail is null ? text : $"{text}; {gate.Detail}";
    }

    private static OutboxMessage Message(ItemState item, GateView gate, DateTimeOffset limit, string key, string sink, string summary, DateTimeOffset now)
    {
        var notification = new Notification
        {
            IdempotencyKey = key,
            Type = "gate.overdue",
            ItemId = item.Id,
            Title = item.Title,
            Gate = gate.Gate,
            Summary = summary,
            Deadline = limit,
            At = now,
            Evidence = gate.Evidence?.Url,
        };
        return new OutboxMessage($"{key}:{sink}", sink, JsonSerializer.Serialize(notification, NotificationJsonContext.Default.Notification), now);
    }
}
