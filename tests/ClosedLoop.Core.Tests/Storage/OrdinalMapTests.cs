using System.Globalization;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Storage;

public sealed class OrdinalMapTests
{
    [Theory]
    [InlineData(60, 400)]
    [InlineData(3_000, 6_000)]
    public void It_holds_what_a_sorted_dictionary_would(int keys, int steps)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var expected = new SortedDictionary<string, int>(StringComparer.Ordinal);
            var map = new OrdinalMap<int>();
            for (int step = 0; step < steps; step++)
            {
                string key = Key(random.Next(keys));
                // Emptied again towards the end: blocks come and go.
                if (random.Next(steps) < step) Assert.Equal(expected.Remove(key), map.Remove(key));
                else
                {
                    expected[key] = step;
                    map.Set(key, step);
                }
                Assert.Equal(expected.Count, map.Count);
                string asked = Key(random.Next(keys));
                Assert.Equal(expected.TryGetValue(asked, out int value), map.TryGet(asked, out int found));
                Assert.Equal(value, found);
                if (step % 97 > 0) continue;
                Assert.Equal(expected.Where(e => string.CompareOrdinal(e.Key, asked) >= 0).Select(static e => (e.Key, e.Value)), Forward(map, asked));
                Assert.Equal(expected.Where(e => string.CompareOrdinal(e.Key, asked) < 0).Reverse().Select(static e => (e.Key, e.Value)), Backward(map, asked));
            }
        }
    }

    [Fact]
    public void Keys_that_come_in_order_are_found_again()
    {
        var map = new OrdinalMap<int>();
        for (int i = 0; i < 5_000; i++) map.Set(Key(i), i);
        Assert.Equal(Enumerable.Range(0, 5_000), Forward(map, "").Select(static r => r.Value));
        map.Clear();
        Assert.False(map.From("").IsAtKey);
        Assert.False(map.From("z").Back());
    }

    private static IEnumerable<(string Key, int Value)> Forward(OrdinalMap<int> map, string from)
    {
        for (var row = map.From(from); row.IsAtKey; row.Next()) yield return (row.Key, row.Value);
    }

    private static IEnumerable<(string Key, int Value)> Backward(OrdinalMap<int> map, string from)
    {
        for (var row = map.From(from); row.Back();) yield return (row.Key, row.Value);
    }

    private static string Key(int number) => number.ToString("D6", CultureInfo.InvariantCulture);
}
