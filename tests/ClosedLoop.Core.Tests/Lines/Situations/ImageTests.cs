using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>Images: what they are made of, by which of their digests they run, and that a tag says nothing.</summary>
public sealed class ImageTests : Situation
{
    // neotoma#2286, aimee#2247, mcp-data-server#366
    [Fact]
    public async Task A_deployment_that_succeeds_with_the_old_image_under_the_new_tag_ships_nothing()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("i-a", at: 2, "a");
        await Production.RunsAsync("i-a", at: 3);
        await Web.LandAsync(2, "b", at: 10);
        await Web.ImageAsync("i-b", at: 12, "b");
        await World.TellAsync(15, Production.Rollout(GateStatus.Passed, 15, "i-a") with { Detail = "deployed web:v2", Attributes = TestRepository.Attributes(("tag", "v2")) });

        var view = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting);
        Assert.Equal("production/web runs no version that is known to contain it", view.Detail);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 3, CoverageRelation.Exact);
    }

    [Fact]
    public async Task A_tag_that_moves_to_another_image_moves_nothing_by_itself()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await World.TellAsync(3, Tagged("i-a", 3, "a", "v1"));
        await World.TellAsync(4, Tagged("i-b", 4, "b", "v2"));
        await Production.RunsAsync("i-a", at: 5);
        string before = await World.Loop.StatesAsync();
        await World.TellAsync(9, Tagged("i-b", 4, "b", "v1") with { Ordinal = new Ordinal(9) });

        Assert.Equal(before, await World.Loop.StatesAsync());
        await World.ExpectAsync(2, Gates.RolledOut, GateStatus.Waiting);
    }

    // adorsys status-list-server#460, #475
    [Theory]
    [InlineData("amd64")]
    [InlineData("config")]
    [InlineData("index")]
    public async Task An_image_runs_under_any_digest_of_its_set(string digest)
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("index", at: 3, "a");
        await World.TellAsync(3, Web.Image("amd64", 3, Image("index")), Web.Image("arm64", 3, Image("index")), Web.Image("config", 3, Image("amd64")), Web.Image("attestation", 3));
        await Production.RunsAsync(digest, at: 5);

        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
    }

    // adorsys status-list-server#460, #475
    [Fact]
    public async Task A_digest_that_no_image_is_known_by_ships_nothing()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.ImageAsync("index", at: 3, "a");
        await Production.RunsAsync("attestation", at: 5);

        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Waiting);
    }

    // adorsys status-list-server#475
    [Fact]
    public async Task An_index_that_was_written_again_with_another_digest_is_the_same_image_by_its_build()
    {
        await Web.LandAsync(1, "a", at: 1);
        int run = await Web.PassAsync("a", at: 2);
        await World.TellAsync(3, Web.Image("index", 3, Given.Build(run)), Web.Image("rewritten", 4, Given.Build(run)));
        await Production.RunsAsync("rewritten", at: 5);

        await World.ExpectAsync(1, Gates.ImageBuilt, GateStatus.Passed, Reason.Exact);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "a", since: 5, CoverageRelation.Exact);
    }

    [Fact]
    public async Task An_image_whose_commit_is_not_known_is_kept_and_counts_as_soon_as_it_is()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.ImageAsync("i", at: 3, commit: null);
        await Production.RunsAsync("i", at: 5);
        await Production.HealthyAsync("i", at: 6);
        foreach (string gate in new[] { Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy }) await World.ExpectAsync(1, gate, GateStatus.Waiting);

        await Web.ImageAsync("i", at: 3, "b");
        await World.ExpectPassedAsync(1, Gates.ImageBuilt, "b", since: 3);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "b", since: 5);
        await World.ExpectPassedAsync(2, Gates.Healthy, "b", since: 6, CoverageRelation.Exact);
    }

    [Fact]
    public async Task An_image_of_a_later_commit_is_an_image_of_all_that_it_contains_and_of_no_more()
    {
        await Web.LandAsync(1, "a", at: 1);
        await Web.LandAsync(2, "b", at: 2);
        await Web.LandAsync(3, "c", at: 3);
        await Web.ImageAsync("i-b", at: 5, "b");

        var covered = await World.ExpectPassedAsync(1, Gates.ImageBuilt, "b", since: 5);
        Assert.Equal((Web.Pull(2), TimeSpan.FromMinutes(4)), (covered.ReleasedBy, covered.Waited));
        await World.ExpectAsync(3, Gates.ImageBuilt, GateStatus.Waiting);
    }

    private static Key Image(string name) => Key.Image(LineWorld.Digest(name));

    private Fact Tagged(string image, double at, string commit, string tag) => Web.Image(image, at, Web.Commit(commit)) with { Attributes = TestRepository.Attributes(("tag", tag)) };
}
