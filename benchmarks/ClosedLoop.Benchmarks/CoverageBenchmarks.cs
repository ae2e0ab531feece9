using BenchmarkDotNet.Attributes;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.LoadRig.Coverage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Benchmarks;

/// <summary>One green build that releases so many waiting items, in memory: judgement, folds and rows, without a disk.</summary>
[MemoryDiagnoser]
public class CoverageBenchmarks
{
    private ServiceProvider? _services;
    private IIntake? _intake;
    private long _next;
    private ILoopQueries? _queries;

    [Params(1, 50)]
    public int Items { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _services = new ServiceCollection().AddClosedLoop(static loop => loop.UseInMemory()).BuildServiceProvider();
        _queries = _services.GetRequiredService<ILoopQueries>();
        await _queries.CountAsync();
        _intake = _services.GetRequiredService<IIntake>();
    }

    [IterationSetup]
    public void Land()
    {
        var numbers = Enumerable.Range(0, Items).Select(i => _next + i).ToList();
        _next += Items;
        _intake!.SubmitAsync(WaitingLine.Submission(numbers.SelectMany(WaitingLine.Item), numbers.Select(WaitingLine.Node))).AsTask().GetAwaiter().GetResult();
    }

    [Benchmark]
    public async Task<SubmissionResult> Release() => await _intake!.SubmitAsync(WaitingLine.Submission([WaitingLine.Build(_next - 1, WaitingLine.BuiltAt(_next - 1))], []));

    /// <summary>An iteration that measures the harness itself has sent no build: what it landed is released here, or the next build would release more.</summary>
    [IterationCleanup]
    public void Check()
    {
        if (Done() < _next) Release().GetAwaiter().GetResult();
        if (Done() != _next) throw new InvalidOperationException($"{Done()} of {_next} items are done.");
    }

    [GlobalCleanup]
    public void Cleanup() => _services?.Dispose();

    private int Done() => _queries!.CountAsync().AsTask().GetAwaiter().GetResult().Where(static r => r.IsDone).Sum(static r => r.Items);
}
