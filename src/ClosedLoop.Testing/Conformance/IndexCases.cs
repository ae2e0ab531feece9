using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>The line index: a sorted map from text to text.</summary>
internal static class IndexCases
{
    private static readonly string[] Keys = ["a\t1", "a\t1\tb", "a\t10", "a\t2", "a\u00e9\t3", "b\t1"];

    public static readonly ConformanceCase[] All =
    [
        new("A range of the line index has its rows in order, from its start to before its end", Ranges),
        new("A range with a limit gives the first rows, or the last ones first", Limits),
        new("Many ranges at once are answered in their order, also empty, equal and reversed ones", Several),
        new("The last change of a key of the line index counts, and a removed one is gone", Changes),
        new("A load reads ranges of the line index too, and a commit on it is stale when a row has changed since", WithLoad),
        new("Values of the line index come back as they are, also empty and long ones", Values),
    ];

    private static async Task Ranges(ILoopStore store)
    {
        await PutAsync(store, [.. Keys.Reverse()]);
        Expect.Sequence(Keys, await KeysAsync(store, new IndexRange("a", "c")));
        Expect.Sequence(Keys[..4], await KeysAsync(store, new IndexRange("a\t", "a\n")));
        Expect.Sequence(Keys[..1], await KeysAsync(store, new IndexRange("a\t1", "a\t1\t")));
        Expect.Sequence(Keys[1..3], await KeysAsync(store, new IndexRange("a\t1\t", "a\t2")));
        Expect.Sequence([], await KeysAsync(store, new IndexRange("a\t11", "a\t2")));
    }

    private static async Task Limits(ILoopStore store)
    {
        await PutAsync(store, [.. Keys.Reverse()]);
        Expect.Sequence(Keys[..2], await KeysAsync(store, new IndexRange("a", "c", 2)));
        Expect.Sequence([Keys[5], Keys[4]], await KeysAsync(store, new IndexRange("a", "c", 2, Descending: true)));
        Expect.Sequence([Keys[2], Keys[1]], await KeysAsync(store, new IndexRange("a\t1\t", "a\t2", 9, Descending: true)));
        Expect.Sequence(Keys.Reverse(), await KeysAsync(store, new IndexRange("a", "c", 0, Descending: true)));
    }

    private static async Task Several(ILoopStore store)
    {
        await PutAsync(store, [.. Keys.Reverse()]);
        IndexRange[] ranges = [new("a\t2", "b"), new("x", "y"), new("a\t2", "b"), new("b", "a"), new("a", "a"), new("a", "c", 1, Descending: true), new("a\t1", "a\t1\t")];
        var found = await store.ScanAsync(ranges, CancellationToken.None);
        Expect.Equal(ranges.Length, found.Count);
        Expect.Sequence([2, 0, 2, 0, 0, 1, 1], found.Select(static f => f.Count));
        Expect.Sequence(found[0], found[2]);
        Expect.Equal(Keys[5], found[5].Single().Key);
        Expect.Equal(0, (await store.ScanAsync([], CancellationToken.None)).Count);
    }

    private static async Task Changes(ILoopStore store)
    {
        await PutAsync(store, [.. Keys.Reverse()]);
        await store.Put(new StoreCommit { At = T0, Index = [new("a\t1", null), new("a\t1", "again"), new("a\t2", "new"), new("a\t2", null), new("b\t1", null), new("none", null)] });
        var rows = (await store.ScanAsync([new IndexRange("a", "c")], CancellationToken.None))[0];
        Expect.Sequence([Keys[0], Keys[1], Keys[2], Keys[4]], rows.Select(static r => r.Key));
        Expect.Equal("again", rows[0].Value);
    }

    private static async Task WithLoad(ILoopStore store)
    {
        await PutAsync(store, [.. Keys.Reverse()]);
        var loaded = await store.LoadAsync(new LoadRequest { Subjects = [Pr(1)], Deliveries = [new DeliveryId("kit", "1")], Index = [new("a", "c", 1, Descending: true), new("a\t1", "a\t1\t"), new("x", "y")] }, CancellationToken.None);
        Expect.Sequence([1, 1, 0], loaded.Index.Select(static rows => rows.Count));
        Expect.Equal(new IndexEntry("b\t1", "value of b\t1"), loaded.Index[0][0]);
        Expect.Equal(new IndexEntry("a\t1", "value of a\t1"), loaded.Index[1][0]);
        Expect.Equal(0, (await store.Load(Pr(1))).Index.Count);
        await store.Put(new StoreCommit { At = T0, Index = [new("a\t1", "other")] });
        Expect.Equal(CommitOutcome.Conflict, await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Index = [new("a\t1", "mine")] }, CancellationToken.None));
    }

    private static async Task Values(ILoopStore store)
    {
        string[] values = ["", "\t\n", "é😀", new string('v', 100_000)];
        await store.Put(new StoreCommit { At = T0, Index = [.. values.Select(static (v, i) => new IndexChange($"v\t{i}", v))] });
        Expect.Sequence(values, (await store.ScanAsync([new IndexRange("v\t", "v\n")], CancellationToken.None))[0].Select(static r => r.Value));
    }

    private static Task PutAsync(ILoopStore store, params string[] keys) => store.Put(new StoreCommit { At = T0, Index = [.. keys.Select(static k => new IndexChange(k, $"value of {k}"))] });

    private static async Task<IEnumerable<string>> KeysAsync(ILoopStore store, IndexRange range) => (await store.ScanAsync([range], CancellationToken.None))[0].Select(static r => r.Key);
}
