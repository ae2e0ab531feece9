using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Lines.Support;

/// <summary>A test that tells a story. After each one the story is told again in other orders, and the record has to say the same.</summary>
public abstract class Situation : IAsyncLifetime, IDisposable
{
    private LineWorld? _world;

    private protected LineWorld World => _world ??= new LineWorld();

    private protected TestRepository Web => World.Repository();

    private protected TestTarget Production => World.Target();

    /// <summary>Tells the story to an engine with this pipeline; to be called first.</summary>
    private protected void Use(Func<PipelineBuilder, PipelineBuilder> pipeline)
    {
        Assert.Null(_world);
        _world = new LineWorld(p => pipeline(p.UseDefaultGates().DoneWhen(Done.Healthy)));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_world is not null) await _world.RetellAsync();
    }

    public void Dispose()
    {
        _world?.Dispose();
        GC.SuppressFinalize(this);
    }
}
