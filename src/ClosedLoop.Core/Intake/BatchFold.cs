using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using System.Text;

namespace ClosedLoop.Intake;

/// <summary>
/// Folds a batch into what is to be stored: registers, items, transitions, due rows. Pure; everything it needs is in
/// the neighbourhood.
/// </summary>
internal sealed class BatchFold(PipelineCatalog pipelines, AdapterCatalog adapters)
{
    public (StoreCommit Commit, IReadOnlyList<SubmissionResult> Results) Plan(IReadOnlyList<Submission> batch, Neighbourhood neighbourhood, DateTimeOffset now)
    {
        var work = new Work(neighbourhood);
        var results = new SubmissionResult[batch.Count];
        var touchedBy = new HashSet<Key>[batch.Count];
        for (int i = 0; i < batch.Count; i++)
        {
            touchedBy[i] = [];
            results[i] = Take(batch[i], work, touchedBy[i]);
        }
        foreach (var item in work.Touched.Order()) FoldItem(item, work, now);
        for (int i = 0; i < batch.Count; i++)
        {
            if (results[i].Outcome != SubmissionOutcome.Committed) continue;
            AddHints(batch[i], work, touchedBy[i], now);
            results[i] = results[i] with { ChangedItems = [.. touchedBy[i].Where(work.ChangedItems.Contains).Select(static k => k.Value).Order(StringComparer.Ordinal)] };
        }
        var commit = new StoreCommit
        {
            Token = neighbourhood.Token,
            At = now,
            Log = work.Log,
            Registers = [.. work.Registers.Values.OrderBy(static f => f.Register)],
            Items = [.. work.Items.Values],
            RemovedItems = work.RemovedItems,
            Transitions = work.Transitions,
            Due = work.Due,
            Deliveries = work.Deliveries,
            Quarantine = work.Quarantine,
        };
        return (commit, results);
    }

    private SubmissionResult Take(Submission submission, Work work, HashSet<Key> touched)
    {
        // A claim ends whatever became of its facts; its token protects it against a later claim.
        work.Due.AddRange(submission.Due);
        if (submission.DeliveryId is { } id)
        {
            var delivery = new DeliveryId(submission.Source, id);
            if (!work.Known.Add(delivery)) return new SubmissionResult { Outcome = SubmissionOutcome.Duplicate, Detail = $"delivery {id} was taken before" };
            work.Deliveries.Add(delivery);
        }
        work.Quarantine.AddRange(submission.Quarantine);
        touched.UnionWith(submission.Touch);
        List<string>? refusals = null;
        int fresh = 0;
        foreach (var sent in submission.Facts)
        {
            if ((FactLimits.Refuse(sent) ?? WriterAuthority.Refuse(sent, submission.Writers, pipelines.All)) is { } refusal)
            {
                (refusals ??= []).Add(refusal);
                work.Quarantine.Add(Refused(submission, sent, refusal));
                continue;
            }
            var fact = FactLimits.Apply(sent, submission.ReceivedAt, work.Graph.Find(sent.Register));
            // Items above the subject before and after: a fact may move its subject to another item.
            work.Graph.CollectItems(fact.Subject, touched);
            var register = work.Graph.Apply(fact);
            if (register is not null)
            {
                fresh++;
                work.Registers[register.Register] = register;
            }
            if (register is not null || work.Graph.Find(fact.Register)?.Equals(fact) != true)
                work.Log.Add(new LoggedFact(fact, StoredJson.Digest(fact), submission.Source));
            work.Graph.CollectItems(fact.Subject, touched);
        }
        work.Touched.UnionWith(touched);
        return new SubmissionResult { Outcome = SubmissionOutcome.Committed, Refusals = refusals ?? [], NewFacts = fresh };
    }

    private void FoldItem(Key item, Work work, DateTimeOffset now)
    {
        var before = work.Stored.GetValueOrDefault(item);
        var pipeline = pipelines.For(work.Graph, item);
        var state = ItemFold.Fold(pipeline, item, work.Graph);
        if (state is null)
        {
            if (before is null) return;
            work.ChangedItems.Add(item);
            work.RemovedItems.Add(item.Value);
            work.Transitions.Add(new Transition { ItemId = item.Value, Kind = TransitionKind.Replaced, Detail = "its change belongs to a known item now", RecordedAt = now });
            return;
        }
        if (before is not null && !Differ(before.State, state) && StoredJson.Write(before.State) == StoredJson.Write(state)) return;
        work.ChangedItems.Add(item);
        work.Items.Add(item, new ItemRecord { State = state, Version = (before?.Version ?? 0) + 1, UpdatedAt = now });
        TransitionLog.Append(work.Transitions, before?.State, state, now);
        DuePlan.Append(work.Due, before?.State, state, adapters.Probing, now);
    }

    // Only says yes when their JSON must differ, which most facts bring about: writing both to compare them costs as much as the fold.
    private static bool Differ(ItemState before, ItemState after)
    {
        if (before.Gates.Count != after.Gates.Count) return true;
        for (int i = 0; i < after.Gates.Count; i++)
        {
            GateView old = before.Gates[i], gate = after.Gates[i];
            if (old.Status != gate.Status || old.Reason != gate.Reason || old.Since != gate.Since) return true;
        }
        return false;
    }

    // A webhook is also a hint: what it spoke of is read again soon, so that what it did not say is found without waiting for the poll.
    private void AddHints(Submission submission, Work work, HashSet<Key> touched, DateTimeOffset now)
    {
        if (submission.DeliveryId is null || adapters.Find(submission.Source) is not { Probe: not null } adapter) return;
        var items = new HashSet<Key>(touched);
        foreach (var hint in submission.Hints) work.Graph.CollectItems(hint, items);
        var soon = now + adapter.HintDelay;
        foreach (var item in items)
            if (work.IsOpen(item))
                work.Due.Add(new DueChange { Subject = item, Kind = DueKinds.Probe + adapter.Name, DueAt = soon, Mode = DueMode.BringForward });
        if (items.Count == 0 && submission.Hints.Length > 0)
            work.Due.Add(new DueChange { Subject = Key.Create("source", adapter.Name), Kind = DueKinds.Sweep + adapter.Name, DueAt = soon, Mode = DueMode.BringForward });
    }

    private static QuarantineEntry Refused(Submission submission, Fact fact, string refusal) => new()
    {
        // By content and day, so that neither a source that is read again and again nor a caller that asks again and again fills the
        // quarantine with one refusal.
        Id = $"{submission.Source}-refused-{StoredJson.Digest(fact with { Ordinal = default, OccurredAt = new DateTimeOffset(fact.OccurredAt.UtcDateTime.Date, TimeSpan.Zero) })}",
        Source = submission.Source,
        Kind = QuarantineKind.Refused,
        Detail = $"{fact.Kind} of {fact.Subject}: {refusal}",
        Body = Encoding.UTF8.GetBytes(StoredJson.Write(fact)),
        ReceivedAt = submission.ReceivedAt,
    };

    private sealed class Work
    {
        public Work(Neighbourhood neighbourhood)
        {
            foreach (var fact in neighbourhood.Facts) Graph.Apply(fact);
            Stored = neighbourhood.Items.ToDictionary(static r => Key.Item(r.State.Id));
            Known = [.. neighbourhood.KnownDeliveries];
        }

        public FactGraph Graph { get; } = new();

        public Dictionary<Key, ItemRecord> Stored { get; }

        public HashSet<DeliveryId> Known { get; }

        public Dictionary<RegisterId, Fact> Registers { get; } = [];

        public HashSet<Key> Touched { get; } = [];

        public HashSet<Key> ChangedItems { get; } = [];

        public List<LoggedFact> Log { get; } = [];

        public OrderedDictionary<Key, ItemRecord> Items { get; } = [];

        public List<string> RemovedItems { get; } = [];

        public List<Transition> Transitions { get; } = [];

        public List<DueChange> Due { get; } = [];

        public List<DeliveryId> Deliveries { get; } = [];

        public List<QuarantineEntry> Quarantine { get; } = [];

        public bool IsOpen(Key item)
        {
            if (RemovedItems.Contains(item.Value)) return false;
            var state = Items.GetValueOrDefault(item)?.State ?? Stored.GetValueOrDefault(item)?.State;
            return state is not null && DuePlan.IsWatched(state);
        }
    }
}
