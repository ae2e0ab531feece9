using System.Reflection;
using ClosedLoop.Storage;

namespace ClosedLoop.Api.Tests;

/// <summary>A store that somebody adds is held to the conformance kit too: its test project cannot forget the meta-test either.</summary>
public sealed class StoreTests
{
    [Fact]
    public void Every_packages_stores_have_a_test_project_that_runs_the_conformance_kit()
    {
        string root = PublicSurfaceTests.FindRoot();
        var stores = Directory.GetFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories).SelectMany(static p => Assembly.Load(Path.GetFileNameWithoutExtension(p)).GetExportedTypes())
            .Where(static t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(ILoopStore))).ToList();
        Assert.NotEmpty(stores);
        foreach (var store in stores)
        {
            string package = store.Assembly.GetName().Name!, project = Path.Combine(root, "tests", package + ".Tests");
            Assert.True(Directory.Exists(project), $"{package} has the store {store.Name} and no tests/{package}.Tests.");
            Assert.Contains("../Support/Conformance/*.cs", File.ReadAllText(Path.Combine(project, package + ".Tests.csproj")), StringComparison.Ordinal);
            Assert.Contains(Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains($": StoreConformanceTests<{store.Name}>", StringComparison.Ordinal));
        }
    }
}
