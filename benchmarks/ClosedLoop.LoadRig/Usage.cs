namespace ClosedLoop.LoadRig;

internal static class Usage
{
    public static void Print(TextWriter output, IEnumerable<IScenario> scenarios)
    {
        output.WriteLine("dotnet run -c Release --project benchmarks/ClosedLoop.LoadRig -- SCENARIO [options] [--json]");
        output.WriteLine("Measures beside a native twin in the same run. --json: the last line is one JSON object.");
        foreach (var scenario in scenarios)
        {
            output.WriteLine();
            output.WriteLine($"{scenario.Name,-10}{scenario.Summary}");
            foreach (var option in scenario.Options)
                output.WriteLine($"  --{option.Name,-12}{option.Meaning} (default: {(option.Default.Length == 0 ? "none" : option.Default)})");
        }
    }
}
