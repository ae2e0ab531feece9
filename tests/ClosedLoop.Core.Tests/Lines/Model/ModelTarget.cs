using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>A target of an environment, with what was rolled out to it.</summary>
internal sealed class ModelTarget(string environment, string name, ModelRepository repository)
{
    public string Environment { get; } = environment;

    public string Name { get; } = name;

    public ModelRepository Repository { get; } = repository;

    /// <summary>The commits that ran, oldest first.</summary>
    public List<Key> Ran { get; } = [];

    /// <summary>Rollouts that have not finished.</summary>
    public List<Happening.Deployed> Open { get; } = [];
}
