using ClosedLoop.LoadRig;
using ClosedLoop.LoadRig.Board;
using ClosedLoop.LoadRig.Coverage;
using ClosedLoop.LoadRig.Fold;
using ClosedLoop.LoadRig.Git;
using ClosedLoop.LoadRig.History;
using ClosedLoop.LoadRig.Http;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.LoadRig.Line;
using ClosedLoop.LoadRig.Naive;
using ClosedLoop.LoadRig.Nodes;
using ClosedLoop.LoadRig.Peer;
using ClosedLoop.LoadRig.Reconcile;
using ClosedLoop.LoadRig.Restart;
using ClosedLoop.LoadRig.Webhook;

namespace ClosedLoop.Samples.Tests.LoadRig;

/// <summary>Each scenario does what its figures would claim, in its smallest form; how fast is not judged here.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string, string> Smallest => new()
    {
        { "ingest", "--store sqlite,memory --merges 2 --copies 1,3 --producers 4 --rounds 1" },
        { "naive", "--merges 2 --copies 3 --producers 4 --rounds 1" },
        { "naive", "--store postgres --merges 2 --copies 2 --producers 4 --rounds 1" },
        { "duplicates", "--merges 2 --copies 3 --producers 4 --rounds 1" },
        { "fold", "--merges 3 --copies 2 --rounds 1" },
        { "nodes", "--processes 2 --merges 4 --waves 3" },
        { "restart", "--items 40 --due 20 --rounds 1" },
        { "peer", "--merges 2 --copies 1,3 --producers 4 --rounds 1" },
        { "http", "--payloads 3 --merges 2 --copies 2 --connections 2 --rounds 1" },
        { "history", "--items 3,6 --open 2 --fresh 2 --repeats 1 --rounds 1" },
        { "history", "--items 20,40 --made copies --open 10 --fresh 2 --repeats 1 --rounds 1" },
        { "growth", "--items 3 --repeats 1 --rounds 1" },
        { "board", "--open 5100 --completed 4000 --calls 1" },
        { "git", "--landings 5 --rounds 1" },
        { "webhook", "--deliveries 2 --rounds 1" },
        { "coverage", "--items 3 --rounds 1" },
        { "line", "--commits 20 --rounds 1" },
        { "reconcile", "--open 20 --repos 3 --merges 60 --minutes 10 --warmup 3" },
    };

    [Theory]
    [MemberData(nameof(Smallest))]
    public async Task A_scenario_runs_and_compares(string name, string options)
    {
        IScenario scenario = name switch
        {
            "ingest" => new IngestScenario(),
            "naive" => new NaiveScenario(),
            "duplicates" => new DuplicatesScenario(),
            "fold" => new FoldScenario(),
            "nodes" => new NodesScenario(),
            "restart" => new RestartScenario(),
            "peer" => new PeerScenario(),
            "http" => new HttpScenario(),
            "history" => new HistoryScenario(),
            "growth" => new GrowthScenario(),
            "board" => new BoardScenario(),
            "git" => new GitScenario(),
            "coverage" => new CoverageScenario(),
            "line" => new LineScenario(),
            "reconcile" => new ReconcileScenario(),
            _ => new WebhookScenario(),
        };
        Assert.Equal(name, scenario.Name);
        Assert.NotEmpty(await scenario.RunAsync(new Arguments(options.Split(' '), scenario.Options), TextWriter.Null));
    }
}
