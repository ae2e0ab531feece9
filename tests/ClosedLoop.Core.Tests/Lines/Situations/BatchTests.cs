using ClosedLoop.Core.Tests.Lines.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Situations;

/// <summary>One deployment that carries many changes, and what is not in it.</summary>
public sealed class BatchTests : Situation
{
    // Shopify/shipit-engine#707
    [Fact]
    public async Task A_deployment_that_holds_the_bad_commit_but_not_its_revert_says_so_for_each_change()
    {
        await Web.LandAsync(1, "bad", at: 1);
        await Web.LandAsync(2, "good", at: 2);
        await Web.RevertAsync(3, "undo", at: 4, of: 1);
        await Web.ImageAsync("i-good", at: 5, "good");
        await Production.RunsAsync("i-good", at: 8);

        await World.ExpectAsync(1, Gates.Merged, GateStatus.Failed, Reason.Regressed, since: 4);
        await World.ExpectPassedAsync(1, Gates.RolledOut, "good", since: 8);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "good", since: 8, CoverageRelation.Exact);
        var missing = await World.ExpectAsync(3, Gates.RolledOut, GateStatus.Waiting);
        Assert.Equal("production/web runs no version that is known to contain it", missing.Detail);
        Assert.StartsWith($"merged: regressed since 09:04 (scm:github); reverted on main by {LineWorld.Short("undo")}", await World.WhyAsync(1), StringComparison.Ordinal);

        await Web.ImageAsync("i-undo", at: 10, "undo");
        await Production.RunsAsync("i-undo", at: 12);
        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Failed, Reason.Regressed, since: 12);
        await World.ExpectPassedAsync(2, Gates.RolledOut, "good", since: 8, CoverageRelation.Exact);
        await World.ExpectPassedAsync(3, Gates.RolledOut, "undo", since: 12, CoverageRelation.Exact);
    }

    // timefusion#258
    [Fact]
    public async Task A_docs_only_merge_that_supersedes_a_deployment_leaves_the_code_open_and_does_not_wait_itself()
    {
        Use(WithoutDocs);
        await Web.PushAsync("old", at: 0);
        await Web.ImageAsync("i-old", at: 0, "old");
        await Production.RunsAsync("i-old", at: 0.5);
        await Web.LandAsync(1, "code", at: 1, paths: ["src/login.cs", "docs/login.md"]);
        await Web.PassAsync("code", at: 3);
        await Web.ImageAsync("i-code", at: 4, "code");
        await Web.LandAsync(2, "docs", at: 5, paths: ["docs/login.md", "README.md"]);
        await Web.PassAsync("docs", at: 6);
        await World.TellAsync(7, Production.Rollout(GateStatus.Waiting, 7, "i-code") with { Reason = Reason.Superseded });
        await Production.RunsAsync("i-old", at: 8);

        await World.ExpectAsync(1, Gates.RolledOut, GateStatus.Waiting);
        Assert.False((await World.ItemAsync(1)).IsDone);
        Assert.Contains("production/web runs no version that is known to contain it", await World.WhyAsync(1), StringComparison.Ordinal);
        var exempt = await World.ExpectAsync(2, Gates.RolledOut, GateStatus.NotApplicable);
        Assert.Equal("changes only docs/**, *.md", exempt.Detail);
        Assert.True((await World.ItemAsync(2)).IsDone);
    }

    [Fact]
    public async Task A_change_whose_paths_are_not_all_known_is_not_exempt()
    {
        Use(WithoutDocs);
        await Web.LandAsync(1, "none", at: 1);
        await Web.LandAsync(2, "many", at: 2, paths: [.. Enumerable.Range(0, 2_000).Select(static i => $"docs/a-page-with-a-long-name-{i}.md")]);

        await World.ExpectAsync(1, Gates.ImageBuilt, GateStatus.Waiting);
        await World.ExpectAsync(2, Gates.ImageBuilt, GateStatus.Waiting);
    }

    [Fact]
    public async Task Docs_that_are_shipped_with_code_count_as_shipped()
    {
        Use(WithoutDocs);
        await Web.LandAsync(1, "docs", at: 1, paths: ["docs/a.md"]);
        await Web.LandAsync(2, "code", at: 2, paths: ["src/a.cs"]);
        await Web.ImageAsync("i", at: 3, "code");

        await World.ExpectPassedAsync(1, Gates.ImageBuilt, "code", since: 3);
    }

    private static PipelineBuilder WithoutDocs(PipelineBuilder pipeline)
    {
        foreach (string gate in new[] { Gates.ImageBuilt, Gates.RolledOut, Gates.Healthy }) pipeline.Gate(gate, static g => g.ExemptPaths("docs/**", "*.md"));
        return pipeline;
    }
}
