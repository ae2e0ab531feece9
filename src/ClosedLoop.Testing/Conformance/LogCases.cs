using ClosedLoop.Facts;
using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>The transition log, the fact log and the quarantine.</summary>
internal static class LogCases
{
    public static readonly ConformanceCase[] All =
    [
        new("Transitions are numbered from 1 without gap, in the order of commit", Numbers),
        new("A transition comes back equal in all its parts", WholeTransition),
        new("Transitions are read from a place on, of all items or of one", Reading),
        new("Transitions are read backwards too, page by page, while more are written", Backwards),
        new("Transitions of several threads have no gap and stay together by commit", Parallel),
        new("An observation that is in the log already does not hinder a commit", LoggedTwice),
        new("What is kept aside comes back newest first, byte for byte", Quarantine),
        new("What is kept aside twice under one id is kept once", QuarantineOnce),
    ];

    public static QuarantineEntry Entry(string id, byte[]? body = null) => new()
    {
        Id = id,
        Source = "kit",
        Kind = QuarantineKind.Poison,
        Detail = "no JSON: expected '{' – got '\0'",
        Body = body ?? [1, 2, 3],
        ReceivedAt = T0,
    };

    private static async Task Numbers(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0, Transitions = [Transition("a", "1"), Transition("b", "2") with { Sequence = 77 }] });
        Expect.Equal(CommitOutcome.Conflict, await ConflictingAppend(store));
        await store.Put(new StoreCommit { At = T0, Transitions = [Transition("a", "3")] });
        Expect.Sequence([(1L, "1"), (2L, "2"), (3L, "3")], (await Read(store)).Select(static t => (t.Sequence, t.Detail)));
    }

    private static async Task Backwards(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0, Transitions = [.. Enumerable.Range(0, 9).Select(static i => Transition(i % 2 == 0 ? "even" : "odd"))] });
        foreach (var (item, all) in new[] { ((string?)null, new long[] { 9, 8, 7, 6, 5, 4, 3, 2, 1 }), ("even", [9, 7, 5, 3, 1]), ("none", []) })
        {
            var read = new List<long>();
            for (long? before = null; ;)
            {
                var page = await store.ReadTransitionsAsync(new TransitionQuery { ItemId = item, NewestFirst = true, Before = before, Limit = 2 }, CancellationToken.None);
                read.AddRange(page.Select(static t => t.Sequence));
                if (page.Count < 2) break;
                before = page[^1].Sequence;
                // What comes meanwhile is newer than every page that is still to be read.
                await store.Put(new StoreCommit { At = T0, Transitions = [Transition("late")] });
            }
            Expect.Sequence(all, read.Where(static s => s <= 9));
        }
        Expect.Sequence([4L, 5L], (await store.ReadTransitionsAsync(new TransitionQuery { After = 3, Before = 6 }, CancellationToken.None)).Select(static t => t.Sequence));
        Expect.Sequence([5L], (await store.ReadTransitionsAsync(new TransitionQuery { After = 3, Before = 6, NewestFirst = true, ItemId = "even" }, CancellationToken.None)).Select(static t => t.Sequence));
        Expect.Equal(0, (await store.ReadTransitionsAsync(new TransitionQuery { After = 6, Before = 3, NewestFirst = true }, CancellationToken.None)).Count);
    }

    private static async Task WholeTransition(ILoopStore store)
    {
        var transition = new Transition
        {
            ItemId = "BL-1",
            Kind = TransitionKind.Reopened,
            Gate = Gates.MainCi,
            From = GateStatus.Passed,
            To = GateStatus.Failed,
            Reason = Reason.Regressed,
            Writer = new Writer(WriterRoles.Ci, "jenkins"),
            Detail = "build #9 failed – ü",
            Evidence = Evidence.At("https://ci.example/9", "build #9"),
            Subject = Build(9),
            DoneDefinition = "merged-and-main-green",
            OccurredAt = At(-1),
            RecordedAt = T0,
        };
        // The first kind is the zero of its enumeration, which a serializer may take for "nothing to write".
        Transition[] all = [transition, .. Enum.GetValues<TransitionKind>().Select(static k => new Transition { ItemId = "BL-2", Kind = k, RecordedAt = T0 })];
        await store.Put(new StoreCommit { At = T0, Transitions = all });
        Expect.Sequence(all.Select(static (t, i) => t with { Sequence = i + 1 }), await Read(store));
    }

    private static async Task Reading(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0, Transitions = [.. Enumerable.Range(0, 1205).Select(static i => Transition(i % 2 == 0 ? "even" : "odd"))] });
        Expect.Equal(100, (await Read(store)).Count);
        Expect.Sequence([6L, 7L, 8L], (await Read(store, after: 5, limit: 3)).Select(static t => t.Sequence));
        Expect.Sequence([7L, 9L], (await Read(store, after: 5, limit: 2, item: "even")).Select(static t => t.Sequence));
        Expect.Equal(1000, (await Read(store, limit: 5000)).Count);
        Expect.Equal(1, (await Read(store, limit: 0)).Count);
        Expect.Equal(0, (await Read(store, after: 1205)).Count);
        Expect.Equal(0, (await Read(store, after: long.MaxValue)).Count);
        Expect.Equal(0, (await Read(store, item: "none")).Count);
        Expect.Equal(1L, (await Read(store, after: -5, limit: 1)).Single().Sequence);
    }

    private static async Task Parallel(ILoopStore store)
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            store.Put(new StoreCommit { At = T0, Transitions = [Transition("a", $"{i}"), Transition("a", $"{i}"), Transition("a", $"{i}")] }))));
        var log = await Read(store);
        Expect.Sequence(Enumerable.Range(1, 60).Select(static i => (long)i), log.Select(static t => t.Sequence));
        for (int i = 0; i < 60; i += 3) Expect.Equal(1, log.Skip(i).Take(3).Select(static t => t.Detail).Distinct().Count());
    }

    private static async Task LoggedTwice(ILoopStore store)
    {
        var logged = new LoggedFact(Fact(Pr(1)), StoredJson.Digest(Fact(Pr(1))), "webhook:kit");
        await store.Put(new StoreCommit { At = T0, Log = [logged, logged], Registers = [Fact(Pr(1))] });
        await store.Put(new StoreCommit { At = At(1), Log = [logged with { Source = "probe:kit" }], Registers = [Fact(Pr(1), 2)] });
        Expect.Equal(2L, (await store.Load(Pr(1))).Facts.Single().Ordinal.Major);
    }

    private static async Task Quarantine(ILoopStore store)
    {
        byte[] body = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        await store.Put(new StoreCommit { At = T0, Quarantine = [Entry("1"), Entry("2", [])] });
        await store.Put(new StoreCommit { At = T0, Quarantine = [Entry("3", body)] });
        body[0] = 255;
        var kept = await store.ReadQuarantineAsync(10, CancellationToken.None);
        Expect.Sequence(["3", "2", "1"], kept.Select(static e => e.Id));
        body[0] = 0;
        Expect.Sequence(body, kept[0].Body.ToArray());
        Expect.Equal(0, kept[1].Body.Length);
        Expect.Equal(Entry("1") with { Body = default }, kept[2] with { Body = default });
        Expect.Sequence(["3"], (await store.ReadQuarantineAsync(1, CancellationToken.None)).Select(static e => e.Id));
        Expect.Equal(1, (await store.ReadQuarantineAsync(0, CancellationToken.None)).Count);
    }

    private static async Task QuarantineOnce(ILoopStore store)
    {
        await store.Put(new StoreCommit { At = T0, Quarantine = [Entry("1")] });
        await store.Put(new StoreCommit { At = T0, Quarantine = [Entry("1", [9]), Entry("2")] });
        Expect.Sequence([("2", 3), ("1", 3)], (await store.ReadQuarantineAsync(10, CancellationToken.None)).Select(static e => (e.Id, e.Body.Length)));
    }

    private static async Task<CommitOutcome> ConflictingAppend(ILoopStore store)
    {
        var loaded = await store.Load(Pr(1));
        await store.PutFacts(Fact(Pr(1)));
        return await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Transitions = [Transition("a")] }, CancellationToken.None);
    }

    private static async Task<IReadOnlyList<Transition>> Read(ILoopStore store, long after = 0, int limit = 100, string? item = null) =>
        await store.ReadTransitionsAsync(new TransitionQuery { After = after, Limit = limit, ItemId = item }, CancellationToken.None);
}
