using ClosedLoop.Storage;
using static ClosedLoop.Testing.Conformance.Sample;

namespace ClosedLoop.Testing.Conformance;

/// <summary>The history of pipelines.</summary>
internal static class PipelineCases
{
    public static readonly ConformanceCase[] All =
    [
        new("A pipeline's first version has no introductions and is no change", First),
        new("A gate that joins later has the instant at which it was first seen", Joins),
        new("A changed signature is told once", Changed),
        new("A gate that was taken out and comes back keeps its first instant", ComesBack),
    ];

    private static async Task First(ILoopStore store)
    {
        for (int i = 0; i < 2; i++)
        {
            var history = await Register(store, i, new PipelineVersion("p", ["a", "b"], "1"));
            Expect.Equal(0, history.IntroducedAt.Count);
            Expect.Equal(0, history.Changed.Count);
        }
    }

    private static async Task Joins(ILoopStore store)
    {
        await Register(store, 0, new PipelineVersion("p", ["a", "b"], "1"));
        var history = await Register(store, 5, new PipelineVersion("p", ["a", "scan", "b"], "2"), new PipelineVersion("q", ["scan"], "1"));
        Expect.Same([KeyValuePair.Create(("p", "scan"), At(5))], history.IntroducedAt);
        Expect.Sequence(["p"], history.Changed);
        history = await Register(store, 9, new PipelineVersion("p", ["a", "scan", "b"], "2"), new PipelineVersion("q", ["scan", "a"], "2"));
        Expect.Sequence(["p", "q"], history.Changed.Order(StringComparer.Ordinal));
        Expect.Same([KeyValuePair.Create(("p", "scan"), At(5)), KeyValuePair.Create(("q", "a"), At(9))], history.IntroducedAt);
    }

    private static async Task Changed(ILoopStore store)
    {
        await Register(store, 0, new PipelineVersion("p", ["a"], "1"));
        var second = new PipelineVersion("p", ["a"], "2");
        Expect.Sequence(["p"], (await Register(store, 1, second)).Changed);
        Expect.Sequence(["p"], (await Register(store, 2, second)).Changed);
        await store.ConfirmPipelinesAsync([second], CancellationToken.None);
        Expect.Sequence([], (await Register(store, 3, second)).Changed);
        Expect.Sequence(["p"], (await Register(store, 4, new PipelineVersion("p", ["a"], "1"))).Changed);
    }

    private static async Task ComesBack(ILoopStore store)
    {
        await Register(store, 0, new PipelineVersion("p", ["a"], "1"));
        await Register(store, 1, new PipelineVersion("p", ["a", "b"], "2"));
        await Register(store, 2, new PipelineVersion("p", ["b"], "3"));
        var history = await Register(store, 3, new PipelineVersion("p", ["a", "b"], "2"));
        Expect.Same([KeyValuePair.Create(("p", "b"), At(1))], history.IntroducedAt);
    }

    private static async Task<PipelineHistory> Register(ILoopStore store, double now, params PipelineVersion[] pipelines) =>
        await store.RegisterPipelinesAsync(pipelines, At(now), CancellationToken.None);
}
