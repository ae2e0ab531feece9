using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Chance that can be repeated. Each purpose has dice of its own, so that one more roll here changes nothing elsewhere.</summary>
internal sealed class WorldDice
{
    private readonly Random _random;

    public WorldDice(int seed, string purpose) => _random = new Random(BitConverter.ToInt32(Hash($"{purpose}/{seed}")));

    public bool Chance(double share) => _random.NextDouble() < share;

    public double Share() => _random.NextDouble();

    public int Pick(int count) => _random.Next(count);

    public TimeSpan Between(int fromMilliseconds, int toMilliseconds) => TimeSpan.FromMilliseconds(fromMilliseconds + (_random.NextDouble() * (toMilliseconds - fromMilliseconds)));

    public TimeSpan UpTo(TimeSpan most) => most * _random.NextDouble();

    /// <summary>The time to the next of events that come at a steady rate.</summary>
    public TimeSpan NextArrival(double perSecond) => TimeSpan.FromSeconds(-Math.Log(1 - _random.NextDouble()) / perSecond);

    public Guid Id()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>A commit id that follows from what the commit is.</summary>
    public static string Sha(string of) => Convert.ToHexStringLower(Hash(of))[..40];

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
