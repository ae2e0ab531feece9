using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Simulation.Tests.Cluster;
using ClosedLoop.Simulation.Tests.World;
using ClosedLoop.Storage;

namespace ClosedLoop.Simulation.Tests.Checks;

/// <summary>What has to be so when the faults have stopped and time has gone on.</summary>
internal static class EndCheck
{
    /// <summary>Says where the record is not the truth, or null.</summary>
    public static string? Wrong(ILoopStore store, DeliveryWorld world, PipelineDefinition pipeline, IReadOnlyDictionary<string, DateTimeOffset> introduced, DateTimeOffset now)
    {
        var expected = world.Items.Values.ToDictionary(static i => i.Id, static i => (IReadOnlyCollection<Change>)i.Changes, StringComparer.Ordinal);
        foreach (var change in world.Changes.Values)
            if (change.Item is null) expected[change.Key.ToString()] = [change];
        foreach (var record in Items(store))
        {
            if (!expected.Remove(record.State.Id, out var changes)) return $"{record.State.Id} is in the record and nowhere else";
            if (ExpectedItem.Differs(record.State, pipeline, introduced, changes, now) is { } difference) return $"{record.State.Id}: {difference}";
        }
        return expected.Count == 0 ? null : $"{string.Join(", ", expected.Keys.Order(StringComparer.Ordinal))} not in the record";
    }

    /// <summary>Says which timers, messages or deliveries are not as they should be, or null. Ends the store's use: it claims everything that is due at any time.</summary>
    public static string? Unfinished(ILoopStore store, DeliveryWorld world, IReadOnlyCollection<Announcement> acknowledged, IReadOnlyCollection<string> messages, IReadOnlySet<string> delivered, DateTimeOffset now)
    {
        var quarantine = Now(store.ReadQuarantineAsync(1000, CancellationToken.None));
        if (quarantine.Count > 0) return $"quarantined: {string.Join("; ", quarantine.Take(3).Select(static q => q.Detail))}";
        foreach (var announcement in acknowledged)
        {
            var loaded = Now(store.LoadAsync(new LoadRequest { Subjects = [.. announcement.Facts.Select(static f => f.Subject)] }, CancellationToken.None));
            foreach (var fact in announcement.Facts)
                if (!loaded.Facts.Any(f => f.Register == fact.Register && f.Ordinal >= fact.Ordinal))
                    return $"acknowledged and not in the store: {fact.Kind} of {fact.Subject} {fact.Ordinal}";
        }
        foreach (string key in messages)
            if (!delivered.Contains(key)) return $"the notification {key} was never delivered";
        var late = now.AddYears(10);
        var outbox = Now(store.ClaimOutboxAsync(new ClaimRequest { Now = late, Lease = TimeSpan.FromMinutes(1) }, CancellationToken.None));
        if (outbox.Count > 0) return $"{outbox.Count} messages are left in the outbox: {outbox[0].Message.IdempotencyKey}";
        var rows = new HashSet<(Key, string)>();
        while (Now(store.ClaimDueAsync(new ClaimRequest { Now = late, Lease = TimeSpan.FromDays(1), Limit = 1000 }, CancellationToken.None)) is { Count: > 0 } claims)
            rows.UnionWith(claims.Select(static c => (c.Subject, c.Kind)));
        if (rows.FirstOrDefault(static r => r.Item2 == DueKinds.Concern) is { Item2: not null } concern) return $"the line {concern.Item1} is not folded to its end";
        foreach (var source in world.Sources)
        {
            if (!rows.Contains((Key.Create("source", source.Name), DueKinds.Sweep + source.Name))) return $"{source.Name} is never swept again";
            foreach (var record in Items(store))
            {
                if (record.State.IsClosed == rows.Contains((Key.Item(record.State.Id), DueKinds.Probe + source.Name))) return $"{record.State.Id} is {(record.State.IsClosed ? "closed and is" : "open and is not")} looked at in {source.Name}";
                if (record.State.NextDeadline() > now && !rows.Contains((Key.Item(record.State.Id), DueKinds.Sla))) return $"{record.State.Id} has a limit at {record.State.NextDeadline():O} and no timer for it";
            }
        }
        return null;
    }

    public static IEnumerable<ItemRecord> Items(ILoopStore store)
    {
        string? cursor = null;
        do
        {
            var page = Now(store.QueryItemsAsync(new ItemQuery { Limit = 500, Cursor = cursor }, CancellationToken.None));
            foreach (var record in page.Items) yield return record;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    // The store in memory answers at once.
    private static T Now<T>(ValueTask<T> answer) => answer.IsCompletedSuccessfully ? answer.Result : throw new InvalidOperationException("the store in memory did not answer at once");
}
