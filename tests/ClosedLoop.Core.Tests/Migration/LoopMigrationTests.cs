using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Migration;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Migration;

public sealed class LoopMigrationTests
{
    private static readonly MigratedItem Old = new("BL-1", Given.At(0)) { Title = "Old work", CompletedAt = Given.At(60) };

    [Fact]
    public async Task Backdated_items_are_done_at_their_old_time_and_flagged()
    {
        using var fixture = new LoopFixture();
        fixture.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await fixture.Get<ILoopMigration>().BackdateAsync([Old]));

        var state = (await fixture.Loop.GetStatusAsync("BL-1"))!.State;
        Assert.True(state.IsDone);
        Assert.Equal(("backdated", Given.At(60), "Old work"), (state.Migration, state.DoneAt, state.Title));
        Assert.Equal(Reason.Migrated, state.Gate(Gates.Merged)!.Reason);
        Assert.Equal(GateStatus.Waiting, state.Gate(Gates.Healthy)!.Status);
    }

    [Fact]
    public async Task What_the_old_records_did_not_call_completed_claims_nothing()
    {
        using var fixture = new LoopFixture();
        await fixture.Get<ILoopMigration>().BackdateAsync([Old with { CompletedAt = null }]);
        Assert.All((await fixture.Loop.GetStatusAsync("BL-1"))!.State.Gates, static g => Assert.Equal(GateStatus.Waiting, g.Status));
    }

    [Fact]
    public async Task After_the_cliff_items_are_known_and_nothing_is_claimed_or_judged()
    {
        using var fixture = new LoopFixture();
        await fixture.Get<ILoopMigration>().CliffAsync([Old]);
        fixture.Time.Advance(TimeSpan.FromDays(30));
        await fixture.Engine.RunDueAsync(default);

        var status = (await fixture.Loop.GetStatusAsync("BL-1"))!;
        Assert.Equal("cliff", status.State.Migration);
        Assert.False(status.IsDone);
        Assert.All(status.State.Gates, static g => Assert.Equal((GateStatus.Waiting, null), (g.Status, g.FinishBy)));
        Assert.DoesNotContain(await fixture.Store.ReadTransitionsAsync(new TransitionQuery(), default), static t => t.Kind == TransitionKind.Overdue);
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        using var fixture = new LoopFixture();
        var migration = fixture.Get<ILoopMigration>();
        await migration.BackdateAsync([Old]);
        string before = StoredJson.Write((await fixture.Loop.GetStatusAsync("BL-1"))!.State);
        await migration.BackdateAsync([Old]);
        Assert.Equal(before, StoredJson.Write((await fixture.Loop.GetStatusAsync("BL-1"))!.State));
    }

    [Fact]
    public async Task A_recovered_pull_request_that_is_linked_later_shows_once()
    {
        using var fixture = new LoopFixture();
        await fixture.Get<ILoopMigration>().RecoverAsync(Recovered());
        Assert.Equal("recovered", (await fixture.Loop.GetStatusAsync("pr:acme/web#7"))!.State.Migration);

        await fixture.Loop.LinkAsync("BL-7", Given.Pr(7));

        Assert.Null(await fixture.Loop.GetStatusAsync("pr:acme/web#7"));
        Assert.Equal(GateStatus.Passed, (await fixture.Loop.GetStatusAsync("BL-7"))!.State.Gate(Gates.Merged)!.Status);
    }

    [Fact]
    public async Task A_fact_without_the_flag_is_no_migration()
    {
        using var fixture = new LoopFixture();
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await fixture.Get<ILoopMigration>().RecoverAsync([Given.PrOpen(1, 0)]));
        Assert.Contains("'migration'", error.Message, StringComparison.Ordinal);
        Assert.Empty(await fixture.Store.ReadTransitionsAsync(new TransitionQuery(), default));
    }

    private static IEnumerable<Fact> Recovered() =>
        GitBackfill.Items(Given.Repository, "main", [new GitLanding(new string('a', 40), GitLandingKind.Squash, Given.At(5), Given.At(1), "Add login (#7)", 7, 1)]).SelectMany(static i => i.Facts);
}
