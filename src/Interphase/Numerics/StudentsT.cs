using MathNet.Numerics.Distributions;

namespace Interphase.Numerics;

/// <summary>Intervals of estimates whose error is itself known from few numbers (Student 1908).</summary>
internal static class StudentsT
{
    /// <summary>By how many standard errors a 95 % interval reaches to either side.</summary>
    public static double Reach(double freedom) => StudentT.InvCDF(0, 1, freedom, 0.975);

    /// <summary>What a standard error is multiplied by for 1.96 of it to reach as far.</summary>
    public static double Widening(double freedom) => Reach(freedom) / 1.96;
}
