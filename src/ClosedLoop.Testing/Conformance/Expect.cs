using System.Runtime.CompilerServices;

namespace ClosedLoop.Testing.Conformance;

/// <summary>Checks with a message that needs no debugger.</summary>
internal static class Expect
{
    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual)) throw new ConformanceException($"{what}: expected {Show(expected)}, got {Show(actual)}.");
    }

    public static void Sequence<T>(IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        T[] wanted = [.. expected], got = [.. actual];
        if (!wanted.SequenceEqual(got)) throw new ConformanceException($"{what}: expected [{Show(wanted)}], got [{Show(got)}].");
    }

    /// <summary>Equal whatever the order; duplicates count.</summary>
    public static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        List<T> missing = [.. expected], surplus = [];
        foreach (var value in actual)
            if (!missing.Remove(value))
                surplus.Add(value);
        if (missing.Count + surplus.Count > 0) throw new ConformanceException($"{what}: missing [{Show(missing)}], not expected [{Show(surplus)}].");
    }

    public static void True(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!condition) throw new ConformanceException($"not so: {what}.");
    }

    public static async Task Throws<TException>(Func<Task> act, string what)
        where TException : Exception
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (TException)
        {
            return;
        }
        throw new ConformanceException($"{what}: expected {typeof(TException).Name}, and nothing was thrown.");
    }

    private static string Show<T>(IEnumerable<T> values) => string.Join(", ", values.Select(static v => Show(v)));

    private static string Show<T>(T value) => value is null ? "null" : $"{value}";
}
