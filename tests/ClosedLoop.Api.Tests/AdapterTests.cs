using System.Reflection;
using ClosedLoop.Adapters;

namespace ClosedLoop.Api.Tests;

/// <summary>An adapter that somebody adds is held to the conformance kit too.</summary>
public sealed class AdapterTests
{
    [Fact]
    public void Every_packages_adapters_run_the_conformance_kit()
    {
        string root = PublicSurfaceTests.FindRoot();
        var adapters = Directory.GetDirectories(Path.Combine(root, "src"), "ClosedLoop.Adapters.*").SelectMany(static d => Assembly.Load(Path.GetFileName(d)).GetExportedTypes())
            .Where(static t => t.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(static m => m.ReturnType == typeof(AdapterRegistration))).ToList();
        Assert.True(adapters.Count >= 11, $"{adapters.Count} adapters were found");
        foreach (var adapter in adapters)
        {
            string package = adapter.Assembly.GetName().Name!;
            string tests = string.Concat(Directory.GetFiles(Path.Combine(root, "tests", package + ".Tests"), "*ConformanceTests.cs").Select(File.ReadAllText));
            Assert.True(tests.Contains(": AdapterConformanceTests(", StringComparison.Ordinal) && tests.Contains($"{adapter.Name}.Create(", StringComparison.Ordinal), $"tests/{package}.Tests does not run the adapter kit on {adapter.Name}.");
        }
    }
}
