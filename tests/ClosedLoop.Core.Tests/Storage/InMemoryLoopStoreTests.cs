using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Storage;

public sealed class InMemoryLoopStoreTests
{
    private static readonly DateTimeOffset T0 = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_build_loads_the_item_above_it_and_what_is_below_that_item_and_a_stale_commit_conflicts()
    {
        var store = new InMemoryLoopStore();
        var (item, pr, landing, build) = (Key.Item("BL-1"), Key.PullRequest("acme/web", 1), Key.Commit("acme/web", "abc"), Key.Build("https://ci.example/1"));
        Fact[] facts = [On(pr, item), On(landing, pr), On(build, landing, Key.Commit("acme/web", "unknown")), On(Key.Review("acme/web", 1, "ann"), pr)];
        await store.CommitAsync(new StoreCommit { At = T0, Registers = facts }, default);

        var loaded = await store.LoadAsync(new LoadRequest { Keys = [build] }, default);
        Assert.Equal(facts.Select(f => f.Subject).Order(), loaded.Facts.Select(f => f.Subject).Order());

        Assert.Equal(CommitOutcome.Committed, await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Registers = [facts[0]] }, default));
        Assert.Equal(CommitOutcome.Conflict, await store.CommitAsync(new StoreCommit { At = T0, Token = loaded.Token, Registers = [facts[0]] }, default));
    }

    private static Fact On(Key subject, params Key[] links) => new()
    {
        Subject = subject,
        Kind = "seen",
        Writer = new Writer(WriterRoles.Ci, "test"),
        Ordinal = new Ordinal(1),
        OccurredAt = T0,
        Links = [.. links],
    };
}
