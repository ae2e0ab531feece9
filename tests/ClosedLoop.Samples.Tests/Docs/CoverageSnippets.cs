using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Lines;
using ClosedLoop.Migration;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of docs/coverage.md, so that it compiles; <see cref="DocumentationTests"/> compares the texts and runs it.</summary>
internal static class CoverageSnippets
{
    public static void Pipeline(IServiceCollection services)
    {
        services.AddClosedLoop(loop => loop
            .AddPipeline("delivery", p => p
                .UseDefaultGates()
                .Gate(Gates.Merged, g => g.OnLines("main"))
                .Gate(Gates.MainCi, g => g.OnLines("main").Require("unit", "e2e"))
                .GateAfter(Gates.MainCi, "licence-scan", g => g.WrittenBy("ci:scanner").Cumulative())
                .Gate(Gates.ImageBuilt, g => g.ExemptPaths("docs/**", "*.md"))
                .Gate(Gates.RolledOut, g => g.InEnvironments("production").Quorum(2).ExemptPaths("docs/**", "*.md"))
                .Gate(Gates.Healthy, g => g.InEnvironments("production").Require("eu").Soak(TimeSpan.FromMinutes(10)).ExemptPaths("docs/**", "*.md"))
                .GateAfter(Gates.Healthy, "probe-from-outside", g => g.WrittenBy("health:outside").Level().AfterPrevious())
                .DoneWhen(Done.Healthy)));
    }

    public static async Task Baseline(IServiceProvider provider, IAsyncEnumerable<IReadOnlyList<CommitNode>> pages, string commit, string deployed)
    {
        var migration = provider.GetRequiredService<ILoopMigration>();
        await migration.LoadHistoryAsync(pages);   // pages of CommitNode, oldest first
        await migration.BaselineAsync(Key.Branch("acme/web", "main"), "acme/web", commit);
        await migration.BaselineAsync(Key.Environment("production"), "acme/web", deployed);
    }

    public static void Clone(ClosedLoopBuilder loop)
    {
        loop.AddGitClone(o =>
        {
            o.Path = "/srv/clones/web.git";          // best made by: git clone --mirror URL
            o.Repository = "acme/web";
            o.Branches.Add("main");                  // first the one that others fork from
            o.Branches.Add("release/*");
            o.CandidateRefs.Add("refs/pull/*/head"); // squashes and rebases are known by their patch
            o.Fetch = true;                          // else something else keeps it up to date
        });
    }

    public static Fact Rollout(DateTimeOffset observedAt, string digest)
    {
        var rollout = new Fact
        {
            Subject = Key.Environment("production/eu"),
            Kind = Gates.RolledOut,
            Writer = new Writer(WriterRoles.Deployer, "argo"),
            Ordinal = Ordinal.At(observedAt),
            OccurredAt = observedAt,
            Status = GateStatus.Passed,      // Running, with every image that serves: a rolling update
            Environment = "production",
            Name = "eu",
            Links = [Key.Image(digest)],
        };
        return rollout;
    }
}
