using ClosedLoop.Facts;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class PostgresDueTests(PostgresServer server)
{
    private const string Free = "free", Held = "held", Missing = "missing";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private static readonly DueChange[] Changes =
    [
        .. from mode in Enum.GetValues<DueMode>() from second in new[] { 10, 20 } from payload in new[] { null, "a" }
           select new DueChange { Subject = default, Kind = "", Mode = mode, DueAt = At(second), Payload = payload is null ? null : $"{mode} {second}" },
        new DueChange { Subject = default, Kind = "" },
    ];

    // Changes of one row that come to the same as one change are drawn together, which must not be seen.
    [Fact]
    public async Task Two_changes_of_a_due_row_in_one_commit_come_to_the_same_as_in_the_reference_whatever_the_row_was()
    {
        await using var database = await Database.CreateAsync(server);
        var expected = await RunAsync(new InMemoryLoopStore());
        var rows = await RunAsync(await database.OpenAsync());
        Assert.True(expected.Count > 500, $"{expected.Count} rows were left to compare.");
        Assert.Equal(expected, rows);
    }

    private static async Task<List<string>> RunAsync(ILoopStore store)
    {
        await store.InitializeAsync(default);
        string[] kinds = [Free, Held, Missing];
        var pairs = (from kind in kinds from first in Changes from second in Changes select (Kind: kind, First: first, Second: second))
            .Select(static (p, i) => (p.Kind, Subject: Key.Item($"BL-{i}"), p.First, p.Second)).ToList();
        await CommitAsync(pairs.Where(static p => p.Kind != Missing).Select(static p => new DueChange { Subject = p.Subject, Kind = p.Kind, DueAt = At(15), Payload = "before" }));
        for (int i = 0; i < pairs.Count; i += 100) await store.ClaimDueAsync(new ClaimRequest { Now = At(16), Lease = Lease, Limit = 1000, Kind = Held }, default);
        await CommitAsync(pairs.SelectMany(static p => new[] { p.First with { Subject = p.Subject, Kind = p.Kind }, p.Second with { Subject = p.Subject, Kind = p.Kind } }));
        // What is not held any more first, then what still was.
        return [.. await ClaimAllAsync("free", At(40)), .. await ClaimAllAsync("after the lease", At(16) + Lease + Lease)];

        async Task CommitAsync(IEnumerable<DueChange> due) =>
            Assert.Equal(CommitOutcome.Committed, (await store.CommitAsync(new StoreCommit { At = At(0), Due = [.. due] }, default)).Outcome);

        async Task<List<string>> ClaimAllAsync(string when, DateTimeOffset now)
        {
            var rows = new List<string>();
            for (IReadOnlyList<DueClaim> claims = [null!]; claims.Count > 0;)
            {
                claims = await store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = TimeSpan.FromDays(1), Limit = 1000 }, default);
                rows.AddRange(claims.Select(c => $"{when}: {c.Subject} {c.Kind} at {c.DueAt:s}, attempt {c.Attempts}, '{c.Payload}'"));
            }
            rows.Sort(StringComparer.Ordinal);
            return rows;
        }
    }

    private static DateTimeOffset At(int second) => new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero).AddSeconds(second);
}
