using System.Globalization;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Lines;

/// <summary>The index read through the cache is the index as it is stored, whatever was read and written before.</summary>
public sealed class IndexCacheTests
{
    [Fact]
    public async Task Whatever_is_read_through_it_is_what_is_stored()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var store = new InMemoryLoopStore();
            await store.CommitAsync(new StoreCommit { At = default, Index = [.. Enumerable.Range(0, 15).Select(_ => new IndexChange(Key(random), $"{seed}")).DistinctBy(static c => c.Key)] }, default);
            var cache = new IndexCache();
            IReadOnlyList<IndexChange> pending = [];
            for (int batch = 0; batch < 12; batch++)
            {
                var index = new LineIndex(store, cache, new PendingRows(pending), default);
                var expected = new InMemoryLoopStore();
                var all = (await store.ScanAsync([new IndexRange("a", "z")], default))[0].Select(static r => new IndexChange(r.Key, r.Value));
                await expected.CommitAsync(new StoreCommit { At = default, Index = [.. all, .. pending] }, default);
                for (int step = 0; step < 12; step++)
                {
                    if (random.Next(3) == 0)
                    {
                        string key = Key(random);
                        string? value = random.Next(3) == 0 ? null : $"{batch}.{step}";
                        if (value is null) index.Remove(key);
                        else index.Put(key, value);
                        await expected.CommitAsync(new StoreCommit { At = default, Index = [new IndexChange(key, value)] }, default);
                    }
                    else if (random.Next(4) == 0)
                    {
                        await index.ReadAheadAsync([Range(random), Range(random)]);
                    }
                    else
                    {
                        IndexRange[] ranges = [Range(random), Range(random)];
                        var wanted = await expected.ScanAsync(ranges, default);
                        var found = await index.ScanAsync(ranges);
                        for (int i = 0; i < 2; i++) Assert.True(wanted[i].SequenceEqual(found[i]), $"seed {seed}, batch {batch}, step {step}: {ranges[i]}");
                        string one = Key(random);
                        Assert.Equal((await expected.ScanAsync([LineKeys.Only(one)], default))[0].Select(static r => r.Value).SingleOrDefault(), await index.FindAsync(one));
                    }
                }
                // The batch before is stored now, and this one is under way: what is read of the store lacks it, or has it.
                if (pending.Count > 0) await store.CommitAsync(new StoreCommit { At = default, Index = pending }, default);
                pending = index.Changes;
                foreach (var change in pending) cache.Write(change);
                if (pending.Count > 0 && random.Next(2) == 0)
                {
                    await store.CommitAsync(new StoreCommit { At = default, Index = pending }, default);
                    if (random.Next(2) == 0) pending = [];
                }
            }
        }
    }

    [Fact]
    public async Task The_end_of_a_line_is_read_once_however_often_it_grows()
    {
        var store = new CountingStore(new InMemoryLoopStore());
        var cache = new IndexCache();
        for (int i = 0; i < 20; i++)
        {
            var index = new LineIndex(store, cache, PendingRows.None, default);
            string end = $"p\tr\t{i:D3}";
            Assert.Equal(i == 0 ? [] : [$"p\tr\t{i - 1:D3}"], (await index.ScanAsync(new IndexRange("p\tr\t", end, 1, Descending: true))).Select(static r => r.Key));
            Assert.Empty(await index.ScanAsync(new IndexRange($"{end}1", "p\tr\n", 1)));
            index.Put(end, "");
            await store.CommitAsync(new StoreCommit { At = default, Index = index.Changes }, default);
            foreach (var change in index.Changes) cache.Write(change);
        }
        Assert.InRange(store.Scans, 1, 5);
    }

    private static string Key(Random random) => $"{(char)('b' + random.Next(2))}\t{random.Next(12).ToString("D2", CultureInfo.InvariantCulture)}";

    private static IndexRange Range(Random random)
    {
        string from = Key(random), to = random.Next(3) switch { 0 => from + "\t", 1 => from[..1] + "\n", _ => Key(random) };
        int limit = random.Next(3) == 0 ? 0 : random.Next(1, 4);
        return new IndexRange(from, to, limit, random.Next(2) == 0);
    }

    private sealed class CountingStore(ILoopStore inner) : ClosedLoop.Core.Tests.Support.StoreDecorator(inner)
    {
        public int Scans { get; private set; }

        public override ValueTask<IReadOnlyList<IReadOnlyList<IndexEntry>>> ScanAsync(IReadOnlyList<IndexRange> ranges, CancellationToken cancellationToken)
        {
            Scans++;
            return base.ScanAsync(ranges, cancellationToken);
        }
    }
}
