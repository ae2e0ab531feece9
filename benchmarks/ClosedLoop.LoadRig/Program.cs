using ClosedLoop.LoadRig;
using ClosedLoop.LoadRig.Alerts;
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

IScenario[] scenarios =
[
    new IngestScenario(), new DuplicatesScenario(), new NaiveScenario(), new PeerScenario(), new HttpScenario(), new HistoryScenario(), new ReconcileScenario(), new GitScenario(), new BoardScenario(), new GrowthScenario(),
    new WebhookScenario(), new CoverageScenario(), new LineScenario(), new RestartScenario(), new FoldScenario(), new NodesScenario(), new AlertsScenario(),
];
try
{
    // Not for people: a scenario starts the rig again.
    if (args is [RestartedProcess.Command, var path])
    {
        await RestartedProcess.RunAsync(path, Console.Out);
        return 0;
    }
    if (args is [NodeProcess.Command, var connection, var index])
    {
        await NodeProcess.RunAsync(connection, index, Console.In, Console.Out);
        return 0;
    }
    if (args.Length == 0 || args.Contains("--help") || args.Contains("-h"))
    {
        Usage.Print(Console.Out, scenarios);
        return 0;
    }
    var scenario = Array.Find(scenarios, s => s.Name == args[0])
        ?? throw new ArgumentException($"There is no scenario '{args[0]}'; there are {string.Join(", ", scenarios.Select(static s => s.Name))}.");
    var arguments = new Arguments(args.AsSpan(1), scenario.Options);
    var report = new Report(scenario.Name, arguments.Given, await scenario.RunAsync(arguments, Console.Error));
    report.PrintTable(Console.Out);
    if (arguments.Json) report.PrintJson(Console.Out);
    return 0;
}
catch (ArgumentException mistake)
{
    await Console.Error.WriteLineAsync($"{mistake.Message} Run with --help for the list.");
    return 2;
}
catch (ClaimFailedException failure)
{
    await Console.Error.WriteLineAsync($"The figures are not worth printing: {failure.Message}");
    return 1;
}
