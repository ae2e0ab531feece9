namespace ClosedLoop.Simulation.Tests.Scheduling;

/// <summary>Everything that is left to chance, from one seed. Each purpose has dice of its own, so that one more throw in one place changes nothing in another.</summary>
internal sealed class Dice(int seed, string purpose)
{
    private readonly Random _random = new(Mix(seed, purpose));

    public int Next(int below) => _random.Next(below);

    public int Between(int least, int most) => _random.Next(least, most + 1);

    public bool Chance(double probability) => probability > 0 && _random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public TimeSpan Span(TimeSpan least, TimeSpan most) => least + ((most - least) * _random.NextDouble());

    /// <summary>A wait of a memoryless process, in whole milliseconds: sources do not tell more.</summary>
    public TimeSpan Wait(TimeSpan mean) => TimeSpan.FromMilliseconds(Math.Max(1, Math.Round(-Math.Log(1 - _random.NextDouble()) * mean.TotalMilliseconds)));

    public string Hex(int digits) => string.Create(digits, _random, static (span, random) =>
    {
        for (int i = 0; i < span.Length; i++) span[i] = "0123456789abcdef"[random.Next(16)];
    });

    private static int Mix(int seed, string purpose)
    {
        uint hash = 2166136261 ^ (uint)seed;
        foreach (char c in purpose) hash = (hash ^ c) * 16777619;
        return (int)(hash & int.MaxValue);
    }
}
