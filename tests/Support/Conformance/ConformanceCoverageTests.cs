using System.Reflection;
using ClosedLoop.Testing.Conformance;
using Xunit.Sdk;

namespace ClosedLoop.Storage.Tests;

/// <summary>
/// No case of the conformance kit is left out: neither by the kit's own list, nor by the tests of a store. This file is part of each store's
/// test project, and speaks of the stores of the package that the project tests.
/// </summary>
public sealed class ConformanceCoverageTests
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Assembly Tests = typeof(ConformanceCoverageTests).Assembly;

    private static Type[] Stores { get; } = StoresOf(Assembly.Load(Tests.GetName().Name![..^".Tests".Length]));

    [Fact]
    public void The_kits_list_has_every_suite_and_every_case_of_it()
    {
        var listed = StoreConformance.Cases.ToHashSet();
        Assert.Equal(listed.Count, listed.Select(static c => c.Name).Distinct(StringComparer.Ordinal).Count());
        var suites = typeof(StoreConformance).Assembly.GetTypes().Where(static t => t != typeof(StoreConformance)).Select(static t => (Type: t, Cases: CasesOf(t))).Where(static s => s.Cases is not null).ToList();
        Assert.NotEmpty(suites);
        foreach (var (suite, cases) in suites) Assert.True(listed.IsSupersetOf(cases!), $"StoreConformance.Cases lacks cases of {suite.Name}.");
        // A check that was written and never made a case of. What cases share is called Expect….
        var run = listed.Select(static c => c.Run.Method).ToHashSet();
        var forgotten = suites.SelectMany(static s => s.Type.GetMethods(Static)).Where(m => IsCase(m) && !run.Contains(m)).Select(static m => $"{m.DeclaringType!.Name}.{m.Name}");
        Assert.Empty(forgotten);
    }

    [Fact]
    public void Every_store_of_the_package_runs_every_case_and_skips_none()
    {
        Assert.NotEmpty(Stores);
        string[] all = [.. StoreConformance.Cases.Select(static c => c.Name)];
        Assert.NotEmpty(all);
        foreach (var store in Stores)
        {
            var runners = Tests.GetExportedTypes().Where(t => t is { IsAbstract: false, IsClass: true } && t.IsSubclassOf(typeof(StoreConformanceTests<>).MakeGenericType(store))).ToList();
            Assert.True(runners.Count > 0, $"{Tests.GetName().Name} has no public class that derives from StoreConformanceTests<{store.Name}>: the store does not run the conformance kit.");
            foreach (var runner in runners)
            {
                var theories = runner.GetMethods().Where(static m => m.GetCustomAttribute<TheoryAttribute>() is { Skip: null }).ToList();
                string[] run = [.. theories.SelectMany(static m => m.GetCustomAttributes<MemberDataAttribute>().Where(static d => d.Skip is null).SelectMany(d => d.GetData(m))).Select(static row => (string)row[0])];
                Assert.Equal(all, run);
            }
        }
    }

    /// <summary>What the two above rest on: a runner that runs nothing is no runner.</summary>
    [Fact]
    public async Task A_runner_that_makes_no_store_fails()
    {
        await Assert.ThrowsAnyAsync<XunitException>(() => new Idle().The_store_conforms(StoreConformance.Cases[0].Name));
        await Assert.ThrowsAsync<ArgumentException>(() => new Eager().The_store_conforms("no such case"));
        await Assert.ThrowsAsync<NullReferenceException>(() => new Eager().The_store_conforms(StoreConformance.Cases[0].Name));
    }

    private static Type[] StoresOf(Assembly package) => [.. package.GetTypes().Where(static t => t is { IsAbstract: false, IsPublic: true } && t.IsAssignableTo(typeof(ILoopStore)))];

    private static List<ConformanceCase>? CasesOf(Type type)
    {
        var values = type.GetFields(Static).Where(static f => f.FieldType.IsAssignableTo(typeof(IEnumerable<ConformanceCase>))).Select(static f => f.GetValue(null))
            .Concat(type.GetProperties(Static).Where(static p => p.PropertyType.IsAssignableTo(typeof(IEnumerable<ConformanceCase>))).Select(static p => p.GetValue(null)))
            .OfType<IEnumerable<ConformanceCase>>().ToList();
        return values.Count == 0 ? null : [.. values.SelectMany(static v => v).Distinct()];
    }

    private static bool IsCase(MethodInfo method) => !method.Name.StartsWith("Expect", StringComparison.Ordinal) && method.ReturnType == typeof(Task) && method.GetParameters() is [var only] && only.ParameterType == typeof(ILoopStore);

    private sealed class Idle : StoreConformanceTests<ILoopStore>
    {
        protected override Task WithStoreAsync(Func<ILoopStore, Task> use) => Task.CompletedTask;
    }

    private sealed class Eager : StoreConformanceTests<ILoopStore>
    {
        protected override Task WithStoreAsync(Func<ILoopStore, Task> use) => use(null!);
    }
}
