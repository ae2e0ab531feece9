using System.Security.Cryptography;

namespace ClosedLoop.Hosting;

/// <summary>Ids that sort by time: milliseconds, then 80 random bits.</summary>
internal sealed class TimeOrderedIdGenerator(TimeProvider time) : IIdGenerator
{
    public string NewId() => $"{time.GetUtcNow().ToUnixTimeMilliseconds():x12}{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
}
