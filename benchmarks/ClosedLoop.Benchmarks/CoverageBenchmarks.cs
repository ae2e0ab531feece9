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

    [Params(1, 50)]
    public int Items { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        _services = new ServiceCollection().AddClosedLoop(static loop => loop.UseInMemory()).BuildServiceProvider();
        await _services.GetRequiredService<ILoopQueries>().CountAsync();
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
    public async Task<int> Release()
    {
        var result = await _intake!.SubmitAsync(WaitingLine.Submission([WaitingLine.Build(_next - 1, WaitingLine.BuiltAt(_next - 1))], []));
        return result.ChangedItems.Count == Items ? Items : throw new InvalidOperationException($"{result.ChangedItems.Count} items were released, and not {Items}: {result.Detail}");
    }

    [GlobalCleanup]
    public void Cleanup() => _services?.Dispose();
}
