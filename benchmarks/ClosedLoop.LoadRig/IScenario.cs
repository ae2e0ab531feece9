namespace ClosedLoop.LoadRig;

/// <summary>One thing that is measured, and what it is measured beside.</summary>
internal interface IScenario
{
    string Name { get; }

    string Summary { get; }

    IReadOnlyList<Option> Options { get; }

    Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log);
}
